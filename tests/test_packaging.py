"""The four generic package names belong to us alone, and the repository holds nothing it must not."""

import os
import re
import subprocess
import sys
import sysconfig
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT

OURS = ("optimizer", "geo", "scenarios", "api")
HEAVY = (
    "fastapi", "geopandas", "networkx", "numba", "numpy", "ortools", "osmium", "osmnx", "pandas", "pyogrio",
    "pyproj", "scipy", "shapely", "sqlalchemy",
)  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_no_other_distribution_installs_our_package_names(name: str) -> None:
    """A second distribution with a package of this name would overwrite ours file by file."""
    assert set(packages_distributions().get(name, [])) <= {"muster"}


@pytest.mark.skipif("MUSTER_TEST_WHEEL" not in os.environ, reason="only where dev.py wheel runs the tests")
@pytest.mark.parametrize("name", OURS)
def test_what_is_tested_is_what_the_wheel_installed(name: str) -> None:
    """Not the sources beside the tests, in this process and in the programs it starts."""
    where = f"import {name}; print({name}.__file__)"
    started = subprocess.run(
        [sys.executable, "-c", where], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for file in (import_module(name).__file__, started.stdout.strip()):
        assert file
        assert Path(file).is_relative_to(sysconfig.get_path("purelib"))


def test_help_imports_no_heavy_module() -> None:
    """``muster --help`` stays fast because it loads none of these."""
    program = (
        "import sys\n"
        "from api.cli import main\n"
        "code = main(['--help'])\n"
        f"heavy = sorted(set({HEAVY!r}) & set(sys.modules))\n"
        "sys.exit(f'loaded {heavy}' if heavy else code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_lock_files_hold_hashes_and_no_address() -> None:
    """Every pinned package has a hash, and mirrors stay the user's choice."""
    locks = [file for file in _tracked() if file.suffix == ".lock"]
    assert ROOT / "requirements.lock" in locks
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert len(re.findall(r"^\S+==", text, re.MULTILINE)) > 0
        assert all("--hash=" in entry for entry in re.split(r"\n(?=\S)", text.strip()))
    npm = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in npm


def test_no_python_file_is_longer_than_400_lines() -> None:
    """One concept one file."""
    long = [
        file.name
        for file in _tracked()
        if file.suffix == ".py" and len(file.read_text(encoding="utf-8").splitlines()) > 400
    ]
    assert long == []


def test_no_machine_path_in_tracked_files() -> None:
    """Nothing in the project knows where it was written."""
    parent = f"{ROOT.parent}/".encode()
    assert [file.name for file in _tracked() if parent in file.read_bytes()] == []
