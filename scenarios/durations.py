"""Durations as people write them: ``300``, ``"5 min"``, ``"10 h"``; inside they are seconds."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

SECONDS = {"s": 1, "sec": 1, "min": 60, "h": 3600, "d": 86400, "秒": 1, "分": 60, "分钟": 60, "小时": 3600}
"""Seconds of one unit."""
LONGEST_S = 366 * 86400
_WRITTEN = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(\S*)\s*")


def seconds(value: Any) -> float:
    """A duration in seconds from a number (seconds) or from text with a unit.

    Raises
    ------
    PydanticCustomError
        S108 for text that is no duration or has another unit.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    match = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    unit = (match[2] or "s") if match else ""
    if match is None or unit not in SECONDS:
        raise PydanticCustomError(
            "S108",
            "a number of seconds, or a number with s, min, h or d",
            {"fix": "Write the duration as 300, '5 min' or '10 h'."},
        )
    return float(match[1]) * SECONDS[unit]


Duration = Annotated[
    float,
    BeforeValidator(seconds),
    Field(gt=0, le=LONGEST_S),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_S},
                {
                    "type": "string",
                    "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*(s|sec|min|h|d|秒|分|分钟|小时)?\s*$",
                },
            ],
            "description": "seconds, or text with a unit: 300, '5 min', '10 h'",
        }
    ),
]
"""More than 0 seconds, at most a year."""
