"""What a team can do, as one cell of a table: ``hazmat:3;fire:2``."""

from geo.region.layers import CAPABILITIES

LEVELS = (1, 2, 3)
"""1 basic, 2 trained and equipped, 3 specialised."""


def parse_capabilities(text: str) -> dict[str, int]:
    """Levels by capability, in the order written; full-width ``；`` and ``：`` are read too.

    Raises ``ValueError`` that names every wrong part.
    """
    levels: dict[str, int] = {}
    wrong = []
    for part in filter(None, (p.strip() for p in text.replace("；", ";").replace("：", ":").split(";"))):
        name, _, level = (word.strip() for word in part.partition(":"))
        if name not in CAPABILITIES or level not in map(str, LEVELS) or name in levels:
            wrong.append(part)
        else:
            levels[name] = int(level)
    if wrong:
        raise ValueError("; ".join(wrong))
    return levels


def format_capabilities(levels: dict[str, int]) -> str:
    """The cell text of ``levels``; the inverse of ``parse_capabilities``."""
    return ";".join(f"{name}:{level}" for name, level in levels.items())
