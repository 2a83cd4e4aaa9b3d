"""How much of each item some people need for some days, by the rules of a catalogue.

Sphere Association (2018), The Sphere Handbook, counts by person, household and day; what a kind of incident
asks for is counted by incident. The figures themselves stand in the catalogue, each with its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, isfinite
from typing import Literal, get_args

import numpy as np

from optimizer.problem import Int64s

Per = Literal["person", "household", "incident", "day"]

ROUNDING = 1e-9
"""Share of a quantity that is no further unit: 1,200 times 1.66666666666667 blankets are 2,000, not 2,001."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRule:
    """How much of one item is needed.

    Parameters
    ----------
    per
        What ``quantity`` counts: a person, a household, an incident, or (``day``) one person for one day.
    quantity
        Units, >= 0.
    winter_factor
        Factor on the quantity in winter, >= 0; 0 = not needed then.
    hazards
        Hazards that ask for an item counted per incident; empty = every hazard.
    """

    id: str
    per: Per
    quantity: float
    winter_factor: float = 1.0
    hazards: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.per not in get_args(Per):
            raise ValueError(f"{self.id}: want per one of {', '.join(get_args(Per))}, got {self.per!r}")
        for name in ("quantity", "winter_factor"):
            if not (isfinite(value := getattr(self, name)) and value >= 0):
                raise ValueError(f"{self.id}: want {name} >= 0, got {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Who is relieved, for how long, in which season.

    Parameters
    ----------
    people
        Persons, >= 0.
    days
        Days that the material must last, >= 0; parts of a day count in full measure.
    household_size
        Persons that share what a household gets, > 0.
    winter
        Whether the winter factors hold.
    incidents
        Hazard of each incident that asks for material of its own.
    """

    people: int
    days: float
    household_size: float
    winter: bool = False
    incidents: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        if self.people < 0:
            raise ValueError(f"people: want >= 0, got {self.people}")
        if not (isfinite(self.days) and self.days >= 0):
            raise ValueError(f"days: want >= 0, got {self.days}")
        if not (isfinite(self.household_size) and self.household_size > 0):
            raise ValueError(f"household_size: want > 0, got {self.household_size}")

    @property
    def households(self) -> int:
        """Households, the last one perhaps smaller."""
        return whole_units(self.people / self.household_size)

    def times(self, rule: NeedRule) -> float:
        """How many times the rule's quantity is needed, before the season's factor."""
        match rule.per:
            case "person":
                return self.people
            case "household":
                return self.households
            case "day":
                return self.people * self.days
            case "incident":
                return sum(not rule.hazards or hazard in rule.hazards for hazard in self.incidents)


def whole_units(quantity: float) -> int:
    """The quantity rounded up to whole units, but for ``ROUNDING`` of it."""
    return ceil(quantity * (1 - ROUNDING))


def needed(rule: NeedRule, relief: Relief) -> int:
    """Whole units of one item, rounded up once at the end."""
    factor = rule.winter_factor if relief.winter else 1.0
    return whole_units(relief.times(rule) * rule.quantity * factor)


def needs(rules: Sequence[NeedRule], relief: Relief) -> Int64s:
    """Whole units of each item, shape (i,)."""
    return np.array([needed(rule, relief) for rule in rules], np.int64)


def needs_by_place(rules: Sequence[NeedRule], relief: Relief, people: Int64s) -> Int64s:
    """Units of each item at each place when the people of ``relief`` are spread over places.

    Each place rounds up by itself, so a column may sum to more than ``needs``: by less than a unit a place,
    or than what one more household gets. What is counted by incident is needed once, not once a place, and is
    left out here: 0 in its column.

    Parameters
    ----------
    people
        At each place, >= 0, shape (p,); their sum is ``relief.people``.

    Returns
    -------
    Shape (p, i).
    """
    if people.ndim != 1 or people.min(initial=0) < 0 or people.sum() != relief.people:
        raise ValueError(f"people: want numbers >= 0 that sum to {relief.people}, got {people.tolist()}")
    there = [
        Relief(people=int(n), days=relief.days, household_size=relief.household_size, winter=relief.winter)
        for n in people
    ]
    return np.array([needs(rules, relief) for relief in there], np.int64).reshape(len(people), len(rules))
