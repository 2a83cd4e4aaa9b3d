"""Several forces at once: which place hosts how many teams of which force.

A column is one team of one force at one place; the rows of a force see only its own columns. Places with
little room, vehicles and the cost of opening a place are rules. After the hierarchical and multi-flavoured
covering of fire companies: Schilling, Elzinga, Cohon, Church & ReVelle (1979), doi:10.1287/trsc.13.2.163.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.siting.force_rules import OPENING, Columns, Force, Room, force_rules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hosted:
    """The problem over teams at places, and what its columns and rows mean; ``c`` columns, ``n`` rows.

    Parameters
    ----------
    place, force
        Of each column, shape (c,); ``force`` is ``OPENING`` where the column says that the place is open.
    row_force
        Force of each row, shape (n,); rows come force by force.
    """

    problem: SitingProblem
    forces: tuple[Force, ...]
    place: Int64s
    force: Int64s
    row_force: Int64s

    def teams(self, answer: SitingAnswer) -> Int64s:
        """Teams of each force at each place, standing ones included, shape (m, forces)."""
        chosen = np.array(answer.chosen, np.int64)
        chosen = chosen[self.force[chosen] != OPENING]
        count = np.zeros((len(self.forces[0].hosts), len(self.forces)), np.int64)
        np.add.at(count, (self.place[chosen], self.force[chosen]), 1)
        return count

    def open_places(self, answer: SitingAnswer) -> tuple[int, ...]:
        """Places with a team, ascending."""
        return tuple(np.flatnonzero(self.teams(answer).any(axis=1)).tolist())


def hosted(forces: Sequence[Force], room: Room) -> Hosted:
    """One problem over all forces: choose how many teams of each stand where.

    max or min as the model asks, subject to: at most ``teams`` of each force, at most ``most_at_place`` of it
    at a place, at most ``room.teams`` in all and ``room.vehicles`` at a place; a team stands only at an open
    place; new places within their number and the budget. A second team of a force at the same place adds
    nothing to plain coverage, but is a further unit for backup and expected coverage.

    Raises
    ------
    ValueError
        No force, names or shapes that do not fit, or standing teams beyond what a place may have.
    """
    _checked(forces, room)
    place, force, copy = _columns(forces, room)
    standing = np.array([one.standing for one in forces])
    fixed = np.where(force != OPENING, copy < standing[force, place], room.existing[place])
    columns = Columns(place=place, force=force, copy=copy, fixed=fixed)
    row_force = np.repeat(np.arange(len(forces)), [len(one.people) for one in forces])
    problem = SitingProblem(
        response_s=_stacked(forces, row_force, place, force),
        people=np.concatenate([one.people for one in forces]),
        limit_s=np.concatenate([one.limit_s for one in forces]),
        fixed=fixed,
        rules=force_rules(forces, room, columns),
        floors=tuple(
            replace(floor, rows=np.flatnonzero(row_force == f)[floor.rows])
            for f, one in enumerate(forces)
            for floor in one.floors
        ),
    )
    return Hosted(problem=problem, forces=tuple(forces), place=place, force=force, row_force=row_force)


def _checked(forces: Sequence[Force], room: Room) -> None:
    m = len(room.existing)
    if not forces or len({one.name for one in forces}) < len(forces):
        raise ValueError("forces: want at least one, each name once")
    for one in forces:
        shapes = (one.response_s.shape, one.hosts.shape, one.standing.shape)
        if shapes != ((len(one.people), m), (m,), (m,)):
            raise ValueError(f"force {one.name}: want times for {m} places")
        if one.teams < 0 or one.vehicles < 0 or one.team_cost < 0 or one.most_at_place < 1:
            raise ValueError(f"force {one.name}: want numbers and costs >= 0, most_at_place >= 1")
        if one.standing.min(initial=0) < 0 or one.standing.max(initial=0) > one.most_at_place:
            raise ValueError(f"force {one.name}: want 0 to {one.most_at_place} standing teams at each place")
        if (one.standing.astype(bool) & ~room.existing).any():
            raise ValueError(f"force {one.name}: want standing teams at existing places alone")


def _columns(forces: Sequence[Force], room: Room) -> tuple[Int64s, Int64s, Int64s]:
    """Place, force and number within place and force of each column; columns of open places last."""
    place: list[Int64s] = []
    force: list[Int64s] = []
    copy: list[Int64s] = []
    for f, one in enumerate(forces):
        for k in range(one.most_at_place):
            at = np.flatnonzero((one.hosts & (k < one.teams + one.standing)) | (k < one.standing))
            place.append(at)
            force.append(np.full(len(at), f))
            copy.append(np.full(len(at), k))
    if _opens(room):
        place.append(np.arange(len(room.existing)))
        force.append(np.full(len(room.existing), OPENING))
        copy.append(np.zeros(len(room.existing), np.int64))
    return np.concatenate(place), np.concatenate(force), np.concatenate(copy)


def _opens(room: Room) -> bool:
    """Whether it matters which places are open."""
    priced = room.budget is not None and room.opening is not None and bool(room.opening.any())
    return room.places is not None or bool(room.rules) or priced


def _stacked(forces: Sequence[Force], row_force: Int64s, place: Int64s, force: Int64s) -> Floats:
    response_s = np.full((len(row_force), len(place)), np.inf)
    for f, one in enumerate(forces):
        rows, columns = np.flatnonzero(row_force == f), np.flatnonzero(force == f)
        response_s[np.ix_(rows, columns)] = one.response_s[:, place[columns]]
    return response_s
