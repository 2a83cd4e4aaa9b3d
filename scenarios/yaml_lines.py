"""YAML with the line of every value, so that a fault can name the place a person goes to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from geo.errors import Fault, InputError, refuse

Path_ = tuple[str | int, ...]
MOST_BYTES = 2_000_000
"""A scenario is written by hand; a larger file is something else."""
MOST_VALUES = 100_000
"""Aliases may not multiply a small file beyond this."""


@dataclass(frozen=True, slots=True)
class Document:
    """Content of a file, and the line of each value by its path of keys and positions."""

    content: dict[str, Any]
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """Line of a value, or of the nearest thing around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(path: Path) -> Document:
    """Read one YAML (or JSON) file whose content is a table of keys.

    Raises
    ------
    InputError
        S101 no such file or not readable, S102 not YAML or not UTF-8, S103 not a table of keys,
        S104 keys that stand twice (all of them).
    """
    text = _text(path)
    try:
        loader = yaml.SafeLoader(text)
    except yaml.YAMLError as broken:  # characters that YAML does not allow
        raise _not_yaml(path, broken) from broken
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise refuse(
                "S103",
                where=str(path),
                found="no keys" if root is not None else "an empty file",
                wanted="keys such as 'kind: siting'",
                fix="Write the file as 'key: value' lines; docs/files.md shows one.",
            )
        reader = _Reader(loader, path)
        content = reader.value(root, ())
    except (yaml.YAMLError, RecursionError) as broken:
        raise _not_yaml(path, broken) from broken
    finally:
        loader.dispose()
    if reader.faults:
        raise InputError(reader.faults)
    return Document(content, reader.lines)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise refuse(
                "S101",
                where=str(path),
                found=f"{path.stat().st_size} bytes",
                wanted=f"at most {MOST_BYTES}",
                fix="Check that this is a scenario file.",
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as missing:
        raise refuse(
            "S101",
            where=str(path),
            found=missing.strerror or "an unreadable file",
            wanted="a scenario file",
            fix="Check the path for a typing error.",
        ) from missing
    except UnicodeDecodeError as wrong:
        raise refuse(
            "S102",
            where=f"{path}, byte {wrong.start}",
            found="bytes that are not UTF-8",
            wanted="a text file in UTF-8",
            fix="Save the file again with the encoding UTF-8.",
        ) from wrong


def _not_yaml(path: Path, broken: Exception) -> InputError:
    mark = getattr(broken, "problem_mark", None)
    return refuse(
        "S102",
        where=f"{path}:{mark.line + 1}" if mark else str(path),
        found=str(
            getattr(broken, "problem", None) or getattr(broken, "reason", None) or "text that cannot be read"
        ),
        wanted="YAML",
        fix="Check indentation, colons, quotes and brackets at this line and the one before.",
    )


class _Reader:
    """Turns nodes into values and keeps their lines."""

    def __init__(self, loader: yaml.SafeLoader, path: Path) -> None:
        self.loader, self.path = loader, path
        self.lines: dict[Path_, int] = {}
        self.faults: list[Fault] = []

    def value(self, node: yaml.Node, at: Path_) -> Any:
        """The value of a node; remembers where it stands."""
        self.lines.setdefault(at, node.start_mark.line + 1)
        if len(self.lines) > MOST_VALUES:
            raise yaml.YAMLError("too many values")
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, at))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*at, number)) for number, item in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except ValueError as wrong:
            raise yaml.MarkedYAMLError(problem=str(wrong), problem_mark=node.start_mark) from wrong

    def _items(self, node: yaml.MappingNode, at: Path_) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            self.lines[(*at, key)] = key_node.start_mark.line + 1
            if key in seen:
                self.faults.append(self._twice(key, at, key_node))
            seen.add(key)
            yield key, self.value(value_node, (*at, key))

    def _twice(self, key: str, at: Path_, node: yaml.Node) -> Fault:
        return Fault(
            code="S104",
            where=f"{self.path}:{node.start_mark.line + 1} {dotted((*at, key))}",
            found=f"the key {key!r} a second time",
            wanted="each key once",
            fix="Keep one of the two.",
        )


def dotted(path: Path_) -> str:
    """A path of keys and positions as people write it: ``siting.standards[0].within_s``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
