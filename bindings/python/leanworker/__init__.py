# SPDX-License-Identifier: Apache-2.0
"""Run compiled Lean code in a supervised child process.

    with leanworker.Worker() as worker:
        session = worker.open("interop.capability.json")
        for row in session.stream("leanworker_fixture_scan", {"source": text}, rows=Declaration):
            print(row.sequence, row.value.name)

docs/python.md goes through it. The names are those of the C library, and so are the rules.
"""
from leanworker._abi import (
    LONG_RUNNING_MS,
    NO_LIMIT,
    Budgets,
    Build,
    CheckFinding,
    Code,
    Containment,
    Exit,
    Export,
    Histogram,
    Replacement,
    Restart,
    RestartPolicy,
    SessionFacts,
    Severity,
    ShutdownOutcome,
    ShutdownReport,
    Step,
    SymbolKind,
    Toolchain,
    ToolchainSource,
    Verdict,
    WorkerFacts,
    WorkerStatistics,
)
from leanworker._call import CancelToken
from leanworker._capability import (
    BuildOptions,
    Capability,
    Exports,
    build,
    find_toolchain,
    library_exports,
)
from leanworker._error import Error
from leanworker._open import CheckReport, Opened, OpenOptions, check, open_session
from leanworker._records import I32, I64, U8, U16, U32, U64, Range, key, strict
from leanworker._session import (
    DoctorReport,
    Expectation,
    Finding,
    Metadata,
    NamedVersion,
    Reply,
    Row,
    Session,
    Stream,
    Summary,
    VersionRange,
)
from leanworker._worker import Worker, WorkerOptions
from leanworker.exceptions import *  # noqa: F403
from leanworker.exceptions import __all__ as _exceptions

__all__ = [
    "LONG_RUNNING_MS",
    "NO_LIMIT",
    "Budgets",
    "Build",
    "BuildOptions",
    "CancelToken",
    "Capability",
    "CheckFinding",
    "CheckReport",
    "Code",
    "Containment",
    "DoctorReport",
    "Error",
    "Exit",
    "Expectation",
    "Export",
    "Exports",
    "Finding",
    "Histogram",
    "I32",
    "I64",
    "Metadata",
    "NamedVersion",
    "OpenOptions",
    "Opened",
    "Range",
    "Replacement",
    "Reply",
    "Restart",
    "RestartPolicy",
    "Row",
    "Session",
    "SessionFacts",
    "Severity",
    "ShutdownOutcome",
    "ShutdownReport",
    "Step",
    "Stream",
    "Summary",
    "SymbolKind",
    "Toolchain",
    "ToolchainSource",
    "U16",
    "U32",
    "U64",
    "U8",
    "Verdict",
    "VersionRange",
    "Worker",
    "WorkerFacts",
    "WorkerOptions",
    "WorkerStatistics",
    "build",
    "check",
    "find_toolchain",
    "key",
    "library_exports",
    "open_session",
    "strict",
]
__all__ += _exceptions
