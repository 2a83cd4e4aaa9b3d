"""JSON files that people hand in: read whole, every fault named by place and key."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from geo.errors import Fault, InputError, refuse

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonKind:
    """A kind of file: the codes of its faults, what it is called, and what helps."""

    missing: str
    damaged: str
    value: str
    called: str
    damaged_fix: str
    value_fix: str


def json_content(path: Path | str, kind: JsonKind) -> Any:
    """What a file says; raises ``InputError`` with the codes ``missing`` and ``damaged`` of its kind."""
    path = Path(path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as missing:
        raise refuse(
            kind.missing,
            where=str(path),
            found=missing.strerror or "an unreadable file",
            wanted=kind.called,
            fix="Check the path for a typing error.",
        ) from missing
    except (ValueError, RecursionError) as broken:
        raise refuse(
            kind.damaged, where=str(path), found=str(broken), wanted="JSON in UTF-8", fix=kind.damaged_fix
        ) from broken


def json_model(content: object, kind: JsonKind, model: type[Model], *, where: str) -> Model:
    """Content as a model; raises ``InputError`` with the code ``value`` for each value that does not fit."""
    try:
        return model.model_validate_json(json.dumps(content))
    except ValidationError as wrong:
        raise InputError(_faults(wrong, kind, where)) from wrong


def _faults(wrong: ValidationError, kind: JsonKind, where: str) -> Iterator[Fault]:
    for error in wrong.errors():
        yield Fault(
            code=kind.value,
            where=f"{where} {'.'.join(map(str, error['loc']))}".rstrip(),
            found="no such key" if error["type"] == "missing" else repr(error["input"])[:60],
            wanted=str(error["msg"]).removeprefix("Input should be "),
            fix=kind.value_fix,
        )
