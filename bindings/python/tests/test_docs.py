# SPDX-License-Identifier: Apache-2.0
"""docs/python.md is run as it stands: its Python as one program, which prints what the page says."""
import re
import subprocess
import sys

from conftest import BUILD, TREE

from leanworker import exceptions

PAGE = (TREE / "docs" / "python.md").read_text()


def blocks(language: str) -> list[str]:
    return [text for name, text in re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.M | re.S) if name == language]


def test_the_page_does_what_it_says() -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", "\n".join(blocks("python"))],
        cwd=BUILD / "lib",  # where the capability is
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert len(blocks("python")) == 7 and len(blocks("")) == 4
    for said in blocks(""):
        assert said in done.stdout


def test_the_page_names_each_exception() -> None:
    for name in exceptions.__all__:
        assert f"`{name}`" in PAGE, name


def test_the_example_is_short() -> None:
    assert len((TREE / "examples/worker_streaming.py").read_text().splitlines()) < 30
