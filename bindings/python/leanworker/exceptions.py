# SPDX-License-Identifier: Apache-2.0
# Written by bindings/python/generate out of the public headers: change those, and run it again.
from leanworker._abi import Code
from leanworker._error import Error


class Misuse(Error):
    """LW_E_MISUSE: the caller is wrong; nothing was done"""


class SystemFailure(Error):
    """LW_E_SYSTEM: this process lacks memory or descriptors, or a call of its own failed"""


class Unsupported(Error):
    """LW_E_UNSUPPORTED: kernel or libc too old; the message names what is missing"""


class SpawnError(Error):
    """LW_E_SPAWN: the child program is missing or cannot be executed"""


class HandshakeError(Error):
    """LW_E_HANDSHAKE: something started, but it is not our child or not our version"""


class CapabilityError(Error):
    """LW_E_CAPABILITY: manifest, runtime, library or initializer"""


class ExportError(Error):
    """LW_E_EXPORT: unknown, not a function, or of another kind"""


class StatusError(Error):
    """LW_E_STATUS: the export returned a nonzero status; lw_error.status has it"""


class Thrown(Error):
    """LW_E_EXCEPTION: the export threw; the message is its text"""


class RowError(Error):
    """LW_E_ROW: the export emitted something malformed or too large"""


class DecodeError(Error):
    """LW_E_DECODE: it does not fit the caller's record; lw_error.path says where"""


class MetadataError(Error):
    """LW_E_METADATA: not what was expected"""


class SinkError(Error):
    """LW_E_SINK: a callback returned nonzero; lw_error.status has it"""


class Cancelled(Error):
    """LW_E_CANCELLED: the caller's token was cancelled"""


class Timeout(Error):
    """LW_E_TIMEOUT: a budget ran out"""


class Died(Error):
    """LW_E_DIED: the worker process ended by itself or by a stranger"""


class ProtocolError(Error):
    """LW_E_PROTOCOL: the child was caught lying and was killed"""


class SessionError(Error):
    """LW_E_SESSION: the session is not open"""


class GaveUp(Error):
    """LW_E_GAVE_UP: too many deaths; lw_error.retry_ms says when it is tried again"""


class ToolchainError(Error):
    """LW_E_TOOLCHAIN: no Lean toolchain, or one without Lake"""


class BuildError(Error):
    """LW_E_BUILD: of a Lake project; the message begins with the first error"""


class Bug(Error):
    """LW_E_BUG: ours"""


__all__ = [
    "Misuse",
    "SystemFailure",
    "Unsupported",
    "SpawnError",
    "HandshakeError",
    "CapabilityError",
    "ExportError",
    "StatusError",
    "Thrown",
    "RowError",
    "DecodeError",
    "MetadataError",
    "SinkError",
    "Cancelled",
    "Timeout",
    "Died",
    "ProtocolError",
    "SessionError",
    "GaveUp",
    "ToolchainError",
    "BuildError",
    "Bug",
]

BY_CODE: dict[Code, type[Error]] = {
    Code.MISUSE: Misuse,
    Code.SYSTEM: SystemFailure,
    Code.UNSUPPORTED: Unsupported,
    Code.SPAWN: SpawnError,
    Code.HANDSHAKE: HandshakeError,
    Code.CAPABILITY: CapabilityError,
    Code.EXPORT: ExportError,
    Code.STATUS: StatusError,
    Code.EXCEPTION: Thrown,
    Code.ROW: RowError,
    Code.DECODE: DecodeError,
    Code.METADATA: MetadataError,
    Code.SINK: SinkError,
    Code.CANCELLED: Cancelled,
    Code.TIMEOUT: Timeout,
    Code.DIED: Died,
    Code.PROTOCOL: ProtocolError,
    Code.SESSION: SessionError,
    Code.GAVE_UP: GaveUp,
    Code.TOOLCHAIN: ToolchainError,
    Code.BUILD: BuildError,
    Code.BUG: Bug,
}
