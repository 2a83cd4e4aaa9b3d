"""What a dispatch question is made of: teams, slots and travel times, as plain dataclasses and arrays.

A *slot* asks for one team with one capability at one incident; one team fills one slot. Nothing here knows
maps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from optimizer.problem import Floats, Int64s, deciseconds

Alarm = Literal["first_alarm", "full_complement"]

LONGEST_S = 10_000_000.0
"""Longest finite time from the order to the arrival, s (116 days); keeps all sums inside 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People and vehicles that move as one.

    Parameters
    ----------
    capabilities
        Level by capability, 1 (basic) to 3 (specialised); a higher level serves a lower slot.
    turnout_s
        Order to wheels rolling, s; 0 for a team already on the road.
    ready_s
        From now until the team can take an order, s.
    available
        Whether it may be sent at all.
    mutual_aid
        Of another county: fills only what the county's own teams cannot.
    people
        Head count.
    station
        Where it stands, as a column of the coverage arrays; ``None`` where it keeps no zone covered.
    """

    id: str
    capabilities: Mapping[str, int]
    turnout_s: float = 0.0
    ready_s: float = 0.0
    available: bool = True
    mutual_aid: bool = False
    people: int = 0
    station: int | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.turnout_s <= LONGEST_S and 0 <= self.ready_s <= LONGEST_S):
            raise ValueError(f"team {self.id}: want turnout_s and ready_s from 0 to {LONGEST_S:g} s")
        if self.people < 0 or any(level < 1 for level in self.capabilities.values()):
            raise ValueError(f"team {self.id}: want people >= 0 and levels >= 1")

    def serves(self, capability: str, level: int) -> bool:
        """Whether the team has a capability at a level or above."""
        return self.capabilities.get(capability, 0) >= level


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One team wanted at one incident.

    Parameters
    ----------
    incident
        Column of the travel times.
    level
        Lowest level of the capability that serves, inclusive.
    alarm
        ``first_alarm`` for those who must be there first; the arrival of the last ``full_complement`` team
        is what stage 2 shortens.
    deadline_s
        Arrival wanted by, inclusive, s from the order. A late team is better than none: a deadline forbids
        nothing, the plan says how late.
    priority
        Class of the slot; the highest class is served first in stage 2.
    weight
        What a second of arrival counts in stages 1 and 3, >= 0.
    shortage_weight
        What the empty slot counts in stage 1, >= 1.
    """

    incident: int
    capability: str
    level: int = 1
    alarm: Alarm = "full_complement"
    deadline_s: float = float("inf")
    priority: int = 1
    weight: int = 1
    shortage_weight: int = 1

    def __post_init__(self) -> None:
        if self.incident < 0 or self.level < 1 or self.weight < 0 or self.shortage_weight < 1:
            raise ValueError("slot: want incident >= 0, level >= 1, weight >= 0, shortage_weight >= 1")
        if not self.deadline_s >= 0:
            raise ValueError(f"slot: want deadline_s >= 0, got {self.deadline_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scarce:
    """A capability from a level upwards that is kept for slots that ask for it."""

    capability: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DispatchProblem:
    """Teams, slots and the times between them; ``t`` teams, ``i`` incidents.

    Parameters
    ----------
    travel_s
        Wheels rolling to the scene, by team and incident, s, shape (t, i); ``inf`` = no road.
    scarce
        Capabilities not to be spent on ordinary slots.
    people_wanted
        Head count wanted at each incident over all its teams, shape (i,); for ``refine`` only.

    Attributes
    ----------
    arrival_ds, arrival_s
        Order to arrival (until ready, turnout, travel), shape (t, i), read-only; no road: ``NEVER_DS`` and
        ``inf``.
    """

    teams: tuple[Team, ...]
    slots: tuple[Slot, ...]
    travel_s: Floats
    scarce: tuple[Scarce, ...] = ()
    people_wanted: Int64s | None = None
    arrival_ds: Int64s = field(init=False)
    arrival_s: Floats = field(init=False)

    def __post_init__(self) -> None:
        if self.travel_s.ndim != 2 or len(self.travel_s) != len(self.teams):
            raise ValueError(f"travel_s: want {len(self.teams)} rows, got shape {self.travel_s.shape}")
        if any(slot.incident >= self.incidents for slot in self.slots):
            raise ValueError(f"slots: want incidents below {self.incidents}")
        if self.people_wanted is not None and (
            self.people_wanted.shape != (self.incidents,) or (self.people_wanted < 0).any()
        ):
            raise ValueError(f"people_wanted: want {self.incidents} numbers >= 0")
        if (np.isfinite(self.travel_s) & (self.travel_s > LONGEST_S)).any():
            raise ValueError(f"travel_s: want at most {LONGEST_S:g} s, or inf")
        start_s = np.array([team.ready_s + team.turnout_s for team in self.teams], dtype=np.float64)
        arrival_ds = deciseconds(self.travel_s + start_s[:, None])
        arrival_s = np.where(np.isfinite(self.travel_s), arrival_ds / 10, np.inf)
        for name, values in (("arrival_ds", arrival_ds), ("arrival_s", arrival_s)):
            values.setflags(write=False)
            object.__setattr__(self, name, values)

    @property
    def incidents(self) -> int:
        """Number of incidents."""
        return int(self.travel_s.shape[1])

    def spends(self, team: Team, slot: Slot) -> int:
        """How many scarce capabilities of the team a slot wastes because it does not ask for them."""
        return sum(
            team.serves(scarce.capability, scarce.level)
            and not (slot.capability == scarce.capability and slot.level >= scarce.level)
            for scarce in self.scarce
        )
