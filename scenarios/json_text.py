"""JSON with one space of indent for each level, as ``json.dumps`` writes it, some times quicker.

The standard library indents in Python, piece by piece; a plan of a county has tens of thousands of pieces.
"""

import math
import re
from functools import cache
from json.encoder import JSONEncoder, encode_basestring
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
        if value and _LEAVES.issuperset(map(type, value.values())):
            return f"{{{inner}{_flat(inner).encode(value)[1:-1]}{line}}}"
        parts = [f"{encode_basestring(name)}: {_written(one, inner)}" for name, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}" if parts else "{}"
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], list | tuple) and (pairs := _pairs(value, line)):
            return pairs
        parts = [_written(one, inner) for one in value]
        return f"[{inner}{f',{inner}'.join(parts)}{line}]" if parts else "[]"
    raise TypeError(f"no JSON: {type(value).__name__}")


@cache
def _flat(inner: str) -> JSONEncoder:
    """Writes what holds nothing nested, one member a line, but for the first and the last break."""
    return JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(f",{inner}", ": "))


def _pairs(value: list[Any] | tuple[Any, ...], line: str) -> str | None:
    """A line of coordinates, which plans are mostly made of, in one go; ``None`` for any other list."""
    if len(value[0]) != 2 or not isinstance(value[0][0], float):
        return None
    text = _compact(value)
    if not _OF_PAIRS.fullmatch(text):
        return None
    outer, inner = f"{line} ", f"{line}  "
    numbers = text[2:-2].replace("],[", "|").replace(",", f",{inner}")
    return f"[{outer}[{inner}{numbers.replace('|', f'{outer}],{outer}[{inner}')}{outer}]{line}]"


_LEAVES = frozenset({str, int, float, bool, type(None)})
_compact = JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_OF_PAIRS = re.compile(r"\[\[[^][{\",]+,[^][{\",]+\](?:,\[[^][{\",]+,[^][{\",]+\])*\]")
"""Lists of two numbers each: neither texts nor anything that holds more."""


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"Out of range float values are not JSON compliant: {value}")
    return float.__repr__(value)
