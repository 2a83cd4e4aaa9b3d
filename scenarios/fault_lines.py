"""Faults found while a scenario is answered, led back to the lines of its file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from geo.errors import Fault, InputError
from scenarios.yaml_lines import Document, Path_, read_document

_STEP = re.compile(r"\.?([^.\[\]\s]+)|\[(\d+)\]")


@contextmanager
def led_to_lines(path: Path) -> Iterator[None]:
    """Put file and line before the place of each fault that names a key of the scenario file.

    Rules that name what the region lacks are found long after the file was read, by code that knows the
    key (``siting.rules.movable``) and no file; a person needs the line.
    """
    try:
        yield
    except InputError as wrong:
        document = read_document(path)
        raise InputError(_led(fault, path, document) for fault in wrong.faults) from wrong


def _led(fault: Fault, path: Path, document: Document) -> Fault:
    steps = _steps(fault.where)
    if not steps or not isinstance(document.content.get(str(steps[0])), dict | list):
        return fault
    return replace(fault, where=f"{path}:{document.line(steps)} {fault.where}")


def _steps(where: str) -> Path_:
    """Keys and positions that a place begins with: ``siting.standards[0] weight`` has three."""
    found: list[str | int] = []
    at = 0
    while step := _STEP.match(where, at):
        found.append(step[1] if step[2] is None else int(step[2]))
        at = step.end()
    return tuple(found)
