"""What decides a result beside its inputs: the code, the packages that compute, and the shipped figures."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from scenarios.run_record import installed_version
from scenarios.shipped import DATA

_COMPUTE = ("numba", "numpy", "ortools", "scipy", "shapely")
_CODE = ("geo", "optimizer", "scenarios")
_SHOW = ("report",)
"""Folders whose code writes pages and changes no figure."""


@cache
def made_with() -> dict[str, Any]:
    """Versions of Muster and of the packages that compute, a digest of its code, digests of shipped figures.

    ``figures`` names every shipped file of figures, such as the doctrine or the speeds of road classes;
    shipped scenarios are none, for they count where they are named. Line ends do not matter.
    """
    folders = {name: _folder(name) for name in _CODE}
    code = hashlib.sha256()
    for name, folder in folders.items():
        for file in sorted(folder.rglob("*.py"), key=lambda one: one.relative_to(folder).as_posix()):
            if not set(_SHOW).intersection(file.relative_to(folder).parts):
                code.update(f"{name}/{file.relative_to(folder).as_posix()}\n{_text(file)}".encode())
    files = {f"scenarios/{file.relative_to(DATA).as_posix()}": _text(file) for file in _of_figures(DATA)}
    files |= {f"geo/{file.name}": _text(file) for file in _of_figures(folders["geo"] / "data")}
    return {
        "muster": installed_version("muster"),
        "code": code.hexdigest(),
        "packages": {name: installed_version(name) for name in _COMPUTE},
        "figures": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(files.items())},
    }


def _of_figures(folder: Path) -> list[Path]:
    """YAML files that are no scenarios, in the folder itself and below."""
    return [file for file in sorted(folder.rglob("*.yaml")) if not _is_scenario(file)]


def _is_scenario(file: Path) -> bool:
    """Whether a file begins as scenarios do; only its head is read, for tables of figures are long."""
    head = [line for line in _text(file).splitlines() if line and not line.startswith("#")][:2]
    try:
        read = yaml.safe_load("\n".join(head))
    except yaml.YAMLError:
        return False
    return isinstance(read, dict) and {"muster", "kind"} <= set(read)


def _folder(package: str) -> Path:
    found = find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
