"""Plan files of every kind: JSON out, the same bytes for the same plan; JSON in, every fault named."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from geo.errors import Fault, InputError, refuse

Plan = TypeVar("Plan", bound=BaseModel)


def plan_text(plan: BaseModel) -> str:
    """A plan as JSON text, the same bytes for the same plan."""
    return json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def plan_of(path: Path | str, kind: type[Plan]) -> Plan:
    """Read a plan of one kind.

    Raises
    ------
    InputError
        P101 no such file, P102 not JSON, P103 not a plan of this kind and format (each fault).
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as missing:
        raise refuse(
            "P101",
            where=str(path),
            found=missing.strerror or "an unreadable file",
            wanted="a plan file",
            fix="Check the path for a typing error.",
        ) from missing
    except (ValueError, RecursionError) as broken:
        raise refuse(
            "P102",
            where=str(path),
            found=str(broken),
            wanted="JSON",
            fix="Compute the plan again; the file is damaged.",
        ) from broken
    try:
        return kind.model_validate_json(json.dumps(content))
    except ValidationError as wrong:
        raise InputError(
            Fault(
                code="P103",
                where=f"{path} {'.'.join(map(str, error['loc']))}".rstrip(),
                found=repr(error["input"])[:60],
                wanted=error["msg"],
                fix="Compute the plan again with this version.",
            )
            for error in wrong.errors()
        ) from wrong
