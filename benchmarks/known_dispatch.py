"""Dispatch instances with known answers, as plain tables that any planner can read.

A folder holds ``teams.csv`` (id, capabilities as ``name:level`` apart by spaces, ready_s, turnout_s),
``slots.csv`` (id, incident, capability, level, priority, weight, shortage_weight), ``travel_s.csv`` (a row
for each team, a column for each incident) and ``answers.yaml`` with the three stages of the best plan:
weighted shortage, last arrival by class of priority from the highest, weighted arrival; arrivals in seconds.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from optimizer.dispatch.check import recomputed_measures
from optimizer.dispatch.problem import DispatchProblem, Slot, Team

Stages = tuple[int, tuple[float, ...], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDispatch:
    """A problem and the stages of its best plan; slots are named ``slot 0``, ``slot 1``, ... in order."""

    problem: DispatchProblem
    best: Stages

    def value(self, team_of: Mapping[str, str]) -> Stages:
        """The stages of a plan that names a team for some slots.

        Raises
        ------
        ValueError
            An unknown slot or team, a team sent twice, or one that cannot serve its slot.
        """
        number = {team.id: index for index, team in enumerate(self.problem.teams)}
        slots = {f"slot {index}": index for index in range(len(self.problem.slots))}
        sent: list[int | None] = [None] * len(slots)
        for slot, team in team_of.items():
            if slot not in slots or team not in number:
                raise ValueError(f"unknown: {slot} or {team}")
            wanted = self.problem.slots[slots[slot]]
            if not self.problem.teams[number[team]].serves(wanted.capability, wanted.level):
                raise ValueError(f"{team} lacks {wanted.capability} at level {wanted.level}, for {slot}")
            if number[team] in sent:
                raise ValueError(f"{team} is sent twice")
            sent[slots[slot]] = number[team]
        return stages(self.problem, tuple(sent))


def stages(problem: DispatchProblem, team_of: tuple[int | None, ...]) -> Stages:
    """What the three stages weigh, slot by slot: smaller is better, the first that differs decides."""
    found = recomputed_measures(problem, team_of)
    return found.shortage, tuple(ds / 10 for ds in found.complement_ds), found.arrival_ds / 10


def read_dispatch(folder: Path) -> KnownDispatch:
    """A problem and its answer from a folder."""
    travel = [[float(cell or "inf") for cell in row[1:]] for row in _lines(folder / "travel_s.csv")[1:]]
    answers = yaml.safe_load((folder / "answers.yaml").read_text(encoding="utf-8"))["best"]
    return KnownDispatch(
        problem=DispatchProblem(
            teams=tuple(_team(*row) for row in _lines(folder / "teams.csv")[1:]),
            slots=tuple(_slot(*row) for row in _lines(folder / "slots.csv")[1:]),
            travel_s=np.array(travel),
        ),
        best=(answers["shortage"], tuple(answers["last_arrival_s"]), answers["weighted_arrival_s"]),
    )


def write_dispatch(folder: Path, known: KnownDispatch, *, about: str) -> None:
    """A problem and its answer as a folder of tables; ``about`` says where it comes from."""
    folder.mkdir(parents=True, exist_ok=True)
    problem = known.problem
    _write(
        folder / "teams.csv",
        ["id", "capabilities", "ready_s", "turnout_s"],
        (
            (team.id, " ".join(f"{k}:{v}" for k, v in team.capabilities.items()),
             f"{team.ready_s:g}", f"{team.turnout_s:g}")
            for team in problem.teams
        ),
    )  # fmt: skip
    fields = ["incident", "capability", "level", "priority", "weight", "shortage_weight"]
    _write(
        folder / "slots.csv",
        ["id", *fields],
        ((f"slot {k}", *(getattr(slot, name) for name in fields)) for k, slot in enumerate(problem.slots)),
    )
    _write(
        folder / "travel_s.csv",
        ["id", *range(problem.incidents)],
        (
            (team.id, *("" if np.isinf(one) else f"{one:.1f}" for one in row))
            for team, row in zip(problem.teams, problem.travel_s, strict=True)
        ),
    )
    shortage, last, arrival = known.best
    best = {"shortage": shortage, "last_arrival_s": list(last), "weighted_arrival_s": arrival}
    text = yaml.safe_dump({"about": about, "best": best}, allow_unicode=True, sort_keys=False)
    (folder / "answers.yaml").write_text(text, encoding="utf-8", newline="\n")


def _team(name: str, capabilities: str, ready_s: str, turnout_s: str) -> Team:
    levels = (one.split(":") for one in capabilities.split())
    return Team(
        id=name,
        capabilities={held: int(level) for held, level in levels},
        ready_s=float(ready_s),
        turnout_s=float(turnout_s),
    )


def _slot(_: str, incident: str, capability: str, level: str, priority: str, *weights: str) -> Slot:
    weight, shortage_weight = (int(one) for one in weights)
    return Slot(
        incident=int(incident),
        capability=capability,
        level=int(level),
        priority=int(priority),
        weight=weight,
        shortage_weight=shortage_weight,
    )


def _lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write(path: Path, heads: Iterable[object], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(heads)
        lines.writerows(rows)
