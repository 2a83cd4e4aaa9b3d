"""Scenario files of kind ``ensemble``: one scenario many times, with some of its values changed."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from scenarios.model_base import Id, Name, Strict, Whole, wrong

MOST_MEMBERS = 1_000_000
_PATH = re.compile(r"[\w-]+(\.[\w-]+)*")
Finite = Annotated[float, Field(ge=-1e12, le=1e12)]


class Draw(Strict):
    """Values drawn anew for each replication: exactly one of these keys.

    ``uniform``: lowest and highest; ``whole``: lowest and highest of whole numbers, both inclusive;
    ``normal``: mean and standard deviation; ``choice``: one of these values, with ``weights`` where not all
    are alike; ``each``: every one of these values with the chance ``chance``, as a list; ``sample``: so many
    (``count``) of these values, none twice, as a list.
    """

    uniform: tuple[Finite, Finite] | None = None
    whole: tuple[Whole, Whole] | None = None
    normal: tuple[Finite, Annotated[float, Field(gt=0, le=1e12)]] | None = None
    choice: Annotated[tuple[Any, ...], Field(min_length=1, max_length=10_000)] | None = None
    weights: tuple[Annotated[float, Field(gt=0, le=1e12)], ...] | None = None
    each: Annotated[tuple[Any, ...], Field(min_length=1, max_length=10_000)] | None = None
    chance: Annotated[float | None, Field(ge=0, le=1)] = None
    sample: Annotated[tuple[Any, ...], Field(min_length=1, max_length=10_000)] | None = None
    count: Annotated[Whole | None, Field(ge=0)] = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Draw":
        kinds = ("uniform", "whole", "normal", "choice", "each", "sample")
        said = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(said) != 1:
            raise wrong("S482", f"exactly one of {', '.join(kinds)}", "Say in one way what is drawn.")
        self._own_keys(said[0])
        for kind in ("uniform", "whole"):
            span = getattr(self, kind)
            if span is not None and span[0] > span[1]:
                raise wrong("S482", f"{kind}: the lower end first", "Swap the two ends.")
        return self

    def _own_keys(self, kind: str) -> None:
        if self.weights is not None and (kind != "choice" or len(self.weights) != len(self.choice or ())):
            raise wrong("S482", "weights: one for each value of choice", "Give each choice its weight.")
        if (self.chance is not None) != (kind == "each"):
            raise wrong("S482", "chance together with each", "Give each its chance, or remove it.")
        if (self.count is not None) != (kind == "sample"):
            raise wrong("S482", "count together with sample", "Say how many are drawn.")
        if self.sample is not None and self.count is not None and self.count > len(self.sample):
            raise wrong("S482", f"count: at most {len(self.sample)}", "Draw fewer, or give more values.")


class Vary(Strict):
    """One value of the scenario that changes, by its path such as ``incidents.0.weather.wind_from_deg``.

    ``values``: all of them in turn, combined with those of the other paths; ``draw``: drawn anew for each
    replication, the same for every combination. Paths that begin with ``board.`` change the board;
    ``board.off_duty`` is a list of teams that are out. The names stand on the page in place of the path.
    """

    path: Annotated[str, Field(max_length=200)]
    name_zh: Name = ""
    name_en: Name = ""
    values: Annotated[tuple[Any, ...] | None, Field(min_length=1, max_length=10_000)] = None
    draw: Draw | None = None

    @field_validator("path")
    @classmethod
    def _dotted(cls, path: str) -> str:
        if not _PATH.fullmatch(path):
            raise wrong("S483", "keys and positions joined by dots", "Write it like incidents.0.level.")
        return path

    @model_validator(mode="after")
    def _one_way(self) -> "Vary":
        if (self.values is None) == (self.draw is None):
            raise wrong("S483", "either values or draw", "Say how the value changes.")
        return self


class EnsembleSection(Strict):
    """What is run, how often, and what changes."""

    scenario: Annotated[Id, Field(description="the scenario file, beside this one")]
    board: Annotated[Id | None, Field(description="a board file, for incidents")] = None
    vary: Annotated[tuple[Vary, ...], Field(max_length=50)] = ()
    replications: Annotated[Whole, Field(ge=1, le=MOST_MEMBERS)] = 1
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95

    @model_validator(mode="after")
    def _fits(self) -> "EnsembleSection":
        paths = [vary.path for vary in self.vary]
        if twice := sorted({path for path in paths if paths.count(path) > 1}):
            raise wrong("S483", f"each path once; {twice[0]} stands twice", "Join the two.")
        if self.combinations * self.replications > MOST_MEMBERS:
            raise wrong("S484", f"at most {MOST_MEMBERS} members in all", "Vary less, or replicate less.")
        return self

    @property
    def combinations(self) -> int:
        """How many combinations of ``values`` there are."""
        count = 1
        for vary in self.vary:
            count *= len(vary.values or (None,))
        return count

    @property
    def members(self) -> int:
        """How many runs in all."""
        return self.combinations * self.replications


class EnsembleScenario(Strict):
    """A scenario file of kind ``ensemble``."""

    muster: Literal[1]
    kind: Literal["ensemble"]
    name_zh: Name = ""
    name_en: Name = ""
    region: Id
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] = 0
    ensemble: EnsembleSection
