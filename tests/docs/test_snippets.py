"""Every snippet of the documents runs: Python blocks in one namespace a file, shell blocks line by line.

A shell block may call ``muster`` (run for real in a scratch folder) and ``python dev.py`` (the job must
exist; running the set-up inside the tests would be the set-up testing itself). Blocks of other languages are
shown, not run; those of YAML and JSON must parse.
"""

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.docs.markdown import Block, blocks

JOBS = runpy.run_path(str(ROOT / "dev.py"))["JOBS"]
FILES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")])


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the shipped region and scenarios beside the reader, as the documents assume."""
    shutil.copytree(ROOT / "scenarios" / "data", tmp_path / "scenarios" / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_every_snippet_of_the_document_runs(
    file: Path, scratch: Path, request: pytest.FixtureRequest
) -> None:
    """Runs the blocks of a document in order, as a reader would."""
    namespace: dict[str, object] = {"__name__": "snippet"}
    for block in blocks(file):
        if not block.runs:
            continue
        if block.needs_data:
            os.environ["MUSTER_DATA"] = str(request.getfixturevalue("shared_data"))
        if block.language == "python":
            code = compile("\n" * (block.line - 1) + block.text, str(file), "exec")
            exec(code, namespace)
        elif block.language in ("bash", "sh", "shell", "console"):
            _run_shell(block, file)
        elif block.language in ("yaml", "json"):
            _parses(block)


def _run_shell(block: Block, file: Path) -> None:
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(os.path.expandvars(line.removeprefix("$ ")), comments=True)
        place = f"{file.name}:{block.line}: {line}"
        match words:
            case ["muster", *rest]:
                done = subprocess.run(
                    [sys.executable, "-m", "api.cli", *rest],
                    capture_output=True,
                    encoding="utf-8",
                    env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
                    check=False,
                )
                wanted = int(found[1]) if (found := re.search(r"# exit code (\d)", line)) else 0
                assert done.returncode == wanted, f"{place}\n{done.stdout}\n{done.stderr}"
            case ["python", "dev.py", job, *_]:
                assert job in JOBS, place
            case ["git", *_] | ["cd", *_] | []:
                pass
            case _:
                pytest.fail(f"{place}: the tests do not know this command; mark the block 'not run: why'")


def _parses(block: Block) -> None:
    if block.language == "yaml":
        yaml.safe_load(block.text)
    else:
        json.loads(block.text)
