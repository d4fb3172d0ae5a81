# SPDX-License-Identifier: Apache-2.0
"""Finding the library, and being sure that it is the right one; that the package is what the headers say."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest
from conftest import BUILD, TREE, Program

PACKAGE = TREE / "bindings" / "python" / "leanworker"
LIBRARY = BUILD / "lib" / "libleanworker.so"


def load(package: pathlib.Path = PACKAGE, library: str = "", **environment: str) -> tuple[bool, str]:
    """Imports a package in a process of its own: whether it can be, and what is said."""
    variables = {"PATH": os.environ["PATH"], "LEANWORKER_LIBRARY": library, **environment}
    done = subprocess.run(
        [sys.executable, "-B", "-c", "import leanworker; print(leanworker._library.path)"],
        env={**variables, "PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode == 0, done.stdout + done.stderr


def edited(folder: pathlib.Path, old: str, new: str) -> pathlib.Path:
    """A copy of the package whose declarations are other ones."""
    shutil.copytree(PACKAGE, folder / "leanworker")
    path = folder / "leanworker" / "_abi.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return folder / "leanworker"


# ---- Finding it


def test_a_library_that_is_named_is_the_only_one_tried() -> None:
    loaded, said = load(library="/nowhere/libleanworker.so")
    assert not loaded and said.count("cannot open shared object file") == 1
    assert "LEANWORKER_LIBRARY can name it" in said and "/nowhere/libleanworker.so" in said


def test_an_installed_library_is_found_beside_the_package(tmp_path: pathlib.Path) -> None:
    package = tmp_path / "lib" / "python3" / "dist-packages" / "leanworker"
    shutil.copytree(PACKAGE, package)
    shutil.copy(LIBRARY, tmp_path / "lib" / "libleanworker.so.0")
    loaded, said = load(package)
    assert loaded and str(tmp_path) in said


def test_the_dynamic_linker_is_asked_last(tmp_path: pathlib.Path) -> None:
    loaded, said = load(LD_LIBRARY_PATH=str(BUILD / "lib"))
    assert loaded, said


def test_every_place_is_named_where_there_is_none(tmp_path: pathlib.Path) -> None:
    package = tmp_path / "lib" / "python3" / "dist-packages" / "leanworker"
    shutil.copytree(PACKAGE, package)
    loaded, said = load(package)
    assert not loaded and "ImportError: libleanworker.so.0 was not found" in said
    for place in (f"{tmp_path}/lib/libleanworker.so.0", f"{tmp_path}/lib64/", "\n  libleanworker.so.0: cannot open"):
        assert place in said, said


def test_without_cffi_the_package_to_install_is_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "cffi.py").write_text("raise ImportError('none')\n")
    shutil.copytree(PACKAGE, tmp_path / "leanworker")
    loaded, said = load(tmp_path / "leanworker")
    assert not loaded and "apt-get install python3-cffi" in said


# ---- Whether it is the right one


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('VERSION = "', 'VERSION = "9', r"it is version [0-9.]+, and the package is 9"),
        ("    uint32_t ask_ms;\n", "", r"struct lw_budgets has \d+ bytes there and \d+ here"),
        ("char path[256];", "char path[512];", r"struct lw_error has \d+ bytes there and \d+ here"),
        ("    REQUEST_TIMEOUT = 25\n", "    SOME_TIMEOUT = 25\n", "Verdict 25 is REQUEST_TIMEOUT there and SOME_TIMEOUT"),
        ("    EXPLICIT = 1\n    CAPABILITY = 2\n", "    EXPLICIT = 2\n    CAPABILITY = 1\n", "Restart"),
    ],
)
def test_a_library_of_another_layout_is_refused(tmp_path: pathlib.Path, old: str, new: str, said: str) -> None:
    loaded, words = load(edited(tmp_path, old, new), str(LIBRARY))
    assert not loaded and "ImportError" in words and str(LIBRARY) in words
    assert re.search(said, words), words


def test_another_library_is_refused() -> None:
    loaded, said = load(library="libc.so.6")
    assert not loaded and "lw_version" in said


# ---- What is generated


def generate(folder: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", folder / "bindings/python/generate", *arguments], capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def tree(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the headers and of the package."""
    shutil.copytree(TREE / "include", tmp_path / "include")
    shutil.copytree(PACKAGE, tmp_path / "bindings/python/leanworker")
    shutil.copy(PACKAGE.parent / "generate", tmp_path / "bindings/python")
    return tmp_path


def test_the_declarations_are_what_the_headers_say() -> None:
    done = generate(TREE, "--check")
    assert done.returncode == 0, done.stderr


def test_a_header_that_has_changed_is_noticed_and_taken_over(tree: pathlib.Path) -> None:
    header = tree / "include/leanworker/leanworker.h"
    text = header.read_text()
    text = text.replace("	uint32_t max_deaths, window_ms;", "	uint32_t max_deaths, window_ms;\n	uint64_t spare_ms;")
    text = text.replace("	LW_E_BUG          /* ours */", "	LW_E_BUG, /* ours */\n	LW_E_LATE /* it is late */")
    header.write_text(text)
    assert generate(tree, "--check").stderr == (
        "_abi.py and exceptions.py: not what the headers say; run bindings/python/generate\n"
    )
    assert generate(tree).returncode == 0 and generate(tree, "--check").returncode == 0
    package = tree / "bindings/python/leanworker"
    assert "    spare_ms: int = 0\n" in (package / "_abi.py").read_text()
    assert 'class LateError(Error):\n    """LW_E_LATE: it is late"""' in (package / "exceptions.py").read_text()
    loaded, said = load(package, str(LIBRARY))
    assert not loaded and "struct lw_restart_policy has" in said


def test_the_package_is_typed() -> None:
    if shutil.which("mypy") is None:
        pytest.skip("there is no mypy")
    done = subprocess.run(
        ["mypy", "--strict", "--python-version", "3.11", "--cache-dir", os.devnull, "bindings/python/leanworker",
         "examples/worker_streaming.py", *sorted((PACKAGE.parent / "tests").glob("*.py"))],
        cwd=TREE,
        env={**os.environ, "MYPYPATH": "bindings/python"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_type_is_parsed_after_the_import(program: Callable[[str], Program]) -> None:
    """The parser of cffi keeps a state that an interrupt would spoil for good."""
    done = program(
        "from leanworker._library import ffi\n"
        "ffi._parser = None\n"
        "with leanworker.Worker(environment={'A': 'B'}, on_log=lambda *_: None) as worker:\n"
        "    session = worker.open(manifest)\n"
        "    worker.set_budgets(leanworker.Budgets()); worker.pump(); worker.facts(); worker.statistics()\n"
        "    wanted = leanworker.Expectation(commands=[leanworker.VersionRange('leanworker_fixture_scan')])\n"
        "    session.expect_metadata('leanworker_fixture_metadata', wanted); session.doctor('leanworker_fixture_doctor')\n"
        "    list(session.stream('leanworker_fixture_rows', cancel=leanworker.CancelToken()))\n"
        "    session.call('leanworker_fixture_echo', '1'); session.facts()\n"
        "    leanworker.Capability.load(manifest).exports().find('leanworker_fixture_scan')\n"
        "    try: session.call('missing')\n"
        "    except leanworker.Error as error: say(len(error.explain()) > 0)\n"
        "leanworker.check(leanworker.OpenOptions(manifest=manifest), quick=True)\n"
        "leanworker.open_session(leanworker.OpenOptions(manifest=manifest)).worker.close()\n"
    )
    assert done.end() == (0, "True\n", "")
