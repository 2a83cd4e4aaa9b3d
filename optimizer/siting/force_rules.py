"""What teams of several forces keep to at places: their numbers, room, vehicles, open places, money."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.rules import Floor, Rule

OPENING = -1
"""Stands for a force in columns that say whether a place is open; such a column covers nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Force:
    """Teams of one kind; ``n`` rows that they serve, ``m`` places.

    Parameters
    ----------
    response_s, people, limit_s
        As in ``SitingProblem``: order to arrival, shape (n, m); weights and limits, shape (n,).
    teams
        Most new teams of this force, inclusive; all of them must find a place with ``place_all``.
    hosts
        Places that may host the force, shape (m,).
    standing
        Teams that stand at each place already and stay, shape (m,).
    most_at_place
        Most teams of this force at one place, standing ones included.
    vehicles, team_cost
        What each new team brings and costs.
    floors
        Over the rows of this force.
    """

    name: str
    response_s: Floats
    people: Int64s
    limit_s: Floats
    teams: int
    hosts: Bools
    standing: Int64s
    most_at_place: int = 1
    place_all: bool = False
    vehicles: int = 0
    team_cost: float = 0.0
    floors: tuple[Floor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Room:
    """What the places allow and cost, shapes (m,); ``None`` = no such limit.

    Parameters
    ----------
    existing
        Places that are open already.
    places
        Most new places that may be opened, inclusive.
    teams, vehicles
        Most teams (standing ones included) and most vehicles of new teams at each place.
    opening
        Cost of opening each place that is not open.
    budget
        Most that new places and new teams may cost together, inclusive.
    vehicles_in_all
        Most vehicles of all new teams together.
    rules
        Rules over the open places.
    names
        What the planner calls the places.
    """

    existing: Bools
    places: int | None = None
    teams: Int64s | None = None
    vehicles: Int64s | None = None
    opening: Floats | None = None
    budget: float | None = None
    vehicles_in_all: int | None = None
    rules: tuple[Rule, ...] = ()
    names: tuple[str, ...] | None = None

    def name(self, place: int) -> str:
        """What the planner calls a place."""
        return str(place) if self.names is None else self.names[place]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Columns by place, force (or ``OPENING``) and number within both; ``fixed`` ones stand, shape (c,)."""

    place: Int64s
    force: Int64s
    copy: Int64s
    fixed: Bools


def force_rules(forces: Sequence[Force], room: Room, columns: Columns) -> tuple[Rule, ...]:
    """All rules of the problem over teams at places, those with a planner's name first."""
    return (
        *_numbers(forces, columns),
        *_room_rules(forces, room, columns),
        *_money(forces, room, columns),
        *_opening_rules(forces, room, columns),
        *_in_turn(forces, room, columns),
    )


def _numbers(forces: Sequence[Force], columns: Columns) -> list[Rule]:
    """So many new teams of each force."""
    return [
        _sum(
            f"teams of {one.name}",
            np.flatnonzero((columns.force == f) & ~columns.fixed),
            at_least=float(one.teams) if one.place_all else -np.inf,
            at_most=float(one.teams),
        )
        for f, one in enumerate(forces)
    ]


def _room_rules(forces: Sequence[Force], room: Room, columns: Columns) -> list[Rule]:
    """Room for teams and vehicles at each place where it can bind, and vehicles in all."""
    team = columns.force != OPENING
    vehicles = _of_new_teams([one.vehicles for one in forces], columns)
    rules: list[Rule] = []
    if room.teams is not None:
        rules += _at_each(columns, team.astype(float), room.teams, lambda j: f"teams at {room.name(j)}")
    if room.vehicles is not None:
        rules += _at_each(columns, vehicles, room.vehicles, lambda j: f"vehicles at {room.name(j)}")
    if room.vehicles_in_all is not None:
        used = np.flatnonzero(vehicles)
        rules.append(_sum("vehicles", used, vehicles[used], at_most=float(room.vehicles_in_all)))
    return rules


def _of_new_teams(by_force: Sequence[float], columns: Columns) -> Floats:
    """A figure of each force on the columns of its new teams, 0 on all others."""
    new_team = (columns.force != OPENING) & ~columns.fixed
    return np.where(new_team, np.array(by_force, float)[columns.force], 0.0)


def _at_each(columns: Columns, amount: Floats, most: Int64s, name: Callable[[int], str]) -> list[Rule]:
    """At most so much at each place, nothing where it is not opened: that tightens relaxations."""
    opening = {int(columns.place[c]): int(c) for c in np.flatnonzero(columns.force == OPENING)}
    rules: list[Rule] = []
    for j, limit in enumerate(most.tolist()):
        at = np.flatnonzero((columns.place == j) & (amount > 0))
        if amount[at].sum() <= limit:
            continue
        if j in opening and not columns.fixed[opening[j]]:
            rules.append(_sum(name(j), np.append(at, opening[j]), np.append(amount[at], -limit), at_most=0.0))
        else:
            rules.append(_sum(name(j), at, amount[at], at_most=float(limit)))
    return rules


def _money(forces: Sequence[Force], room: Room, columns: Columns) -> list[Rule]:
    if room.budget is None:
        return []
    amount = _of_new_teams([one.team_cost for one in forces], columns)
    if room.opening is not None:
        new_place = (columns.force == OPENING) & ~columns.fixed
        amount = np.where(new_place, room.opening[columns.place], amount)
    used = np.flatnonzero(amount)
    return [_sum("budget", used, amount[used], at_most=room.budget)]


def _opening_rules(forces: Sequence[Force], room: Room, columns: Columns) -> list[Rule]:
    """A team needs an open place, a new place a team; new places keep to their number and rules."""
    opening = np.flatnonzero(columns.force == OPENING)
    if not len(opening):
        return []
    first = np.flatnonzero((columns.force != OPENING) & (columns.copy == 0))
    new = np.flatnonzero(~room.existing)
    rules = [] if room.places is None else [_sum("new places", opening[new], at_most=float(room.places))]
    rules += [replace(rule, sites=opening[rule.sites]) for rule in room.rules]
    rules += [
        _only_with(f"{forces[columns.force[c]].name} at {room.name(j)}: open place", c, [int(opening[j])])
        for j in new.tolist()
        for c in first[columns.place[first] == j].tolist()
    ]
    return rules + [
        _only_with(f"{room.name(j)}: open for a team", int(opening[j]), first[columns.place[first] == j])
        for j in (new.tolist() if room.rules else ())
    ]


def _in_turn(forces: Sequence[Force], room: Room, columns: Columns) -> list[Rule]:
    """The k-th team of a force at a place comes after the one before it: equal choices are counted once."""
    keys = zip(columns.place.tolist(), columns.force.tolist(), columns.copy.tolist(), strict=True)
    column = {key: c for c, key in enumerate(keys)}
    return [
        _only_with(f"{forces[f].name} at {room.name(j)}: team {k + 1} after {k}", c, [column[j, f, k - 1]])
        for (j, f, k), c in column.items()
        if k > 0
    ]


def _only_with(name: str, column: int, others: Sequence[int] | Int64s) -> Rule:
    """The column is open only if at least one of the others is."""
    return Rule(
        name=name,
        sites=np.array([column, *others], np.int64),
        amount=np.array([1.0, *(-1.0 for _ in others)]),
        at_most=0.0,
        structural=True,
    )


def _sum(
    name: str,
    columns: Int64s,
    amount: Floats | None = None,
    *,
    at_least: float = -np.inf,
    at_most: float = np.inf,
) -> Rule:
    return Rule(
        name=name,
        sites=columns,
        amount=np.ones(len(columns)) if amount is None else amount,
        at_least=at_least,
        at_most=at_most,
    )
