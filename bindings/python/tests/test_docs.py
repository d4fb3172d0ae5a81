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
    assert len(blocks("python")) == 8 and len(blocks("")) == 4
    for said in blocks(""):
        assert said in done.stdout


def test_what_the_readme_shows_works() -> None:
    readme = (TREE / "README.md").read_text()
    (shown,) = re.findall(r"^```python\n(.*?)^```$", readme, re.M | re.S)
    before = blocks("python")[0].split("worker =")[0] + "text = 'def one := 1'\n"
    done = subprocess.run(
        [sys.executable, "-B", "-c", before + shown], cwd=BUILD / "lib", capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("0 one\n", "")


def test_the_page_names_each_exception() -> None:
    for name in exceptions.__all__:
        assert f"`{name}`" in PAGE, name


def test_the_example_is_short() -> None:
    assert len((TREE / "examples/worker_streaming.py").read_text().splitlines()) < 30
