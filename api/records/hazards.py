"""Which hazards a record of a county is about: it names them in its own words."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

ANY = "any"
"""Key of the words for every hazard."""


@cache
def hazard_words() -> dict[str, tuple[str, ...]]:
    """Words by hazard, in lower case."""
    text = files("api.records").joinpath("hazard_words.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return {hazard: tuple(str(word).lower() for word in words) for hazard, words in table.items()}


def about(named: str, hazard: str) -> bool:
    """Whether a record that names hazards in its own words is about one of ours; none named is all."""
    text = named.strip().lower()
    if not text:
        return True
    words = hazard_words()
    return any(word in text for word in (*words.get(hazard, ()), *words[ANY]))
