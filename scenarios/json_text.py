"""JSON with one space of indent for each level, as ``json.dumps`` writes it, some times quicker.

The standard library indents in Python, piece by piece; a plan of a county has tens of thousands of pieces.
"""

import math
from json.encoder import encode_basestring
from typing import Any


def json_text(value: Any) -> str:
    """``json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)``; names are texts.

    Raises
    ------
    ValueError
        For infinite and missing numbers, which JSON does not have.
    """
    return _written(value, "\n")


def _written(value: Any, line: str) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _number(value)
    inner = f"{line} "
    if isinstance(value, dict):
        parts = [f"{encode_basestring(name)}: {_written(one, inner)}" for name, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}" if parts else "{}"
    if isinstance(value, list | tuple):
        if len(value) == 2 and type(value[0]) is float and type(value[1]) is float:  # most are coordinates
            return f"[{inner}{_number(value[0])},{inner}{_number(value[1])}{line}]"
        parts = [_written(one, inner) for one in value]
        return f"[{inner}{f',{inner}'.join(parts)}{line}]" if parts else "[]"
    raise TypeError(f"no JSON: {type(value).__name__}")


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"Out of range float values are not JSON compliant: {value}")
    return float.__repr__(value)
