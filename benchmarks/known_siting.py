"""Siting instances with known answers, as plain tables that any planner can read.

A folder holds ``demand.csv`` (id, people, limit_s), ``sites.csv`` (id, fixed), ``response_s.csv`` (a row for
each demand point, a column for each site, seconds with one decimal, empty where there is no road) and
``answers.yaml`` (``places``, and the best value of each question).
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from optimizer.problem import Question, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.measure import measure_of

QUESTIONS: tuple[Question, ...] = ("mclp", "p_median", "p_center", "lscp")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSiting:
    """A problem, the ids of its sites, and the best value of each question."""

    problem: SitingProblem
    sites: tuple[str, ...]
    best: dict[Question, float]

    def asked(self, question: Question) -> SitingProblem:
        """The problem as a question takes it.

        Set covering leaves the number of sites open and serves those whom some site reaches in time.
        """
        if question != "lscp":
            return self.problem
        reached = self.problem.covers().any(axis=1)
        return replace(
            self.problem,
            response_s=self.problem.response_s[reached],
            people=self.problem.people[reached],
            limit_s=self.problem.limit_s[reached],
            places=None,
        )

    def value(self, question: Question, chosen: Iterable[str]) -> float:
        """What a choice of site ids is worth; fixed sites are added.

        Raises
        ------
        ValueError
            An unknown id, too many sites, or, in set covering, people whom the choice does not reach in time.
        """
        known = {name: number for number, name in enumerate(self.sites)}
        if unknown := sorted(set(chosen) - set(known)):
            raise ValueError(f"unknown sites: {', '.join(unknown)}")
        problem = self.asked(question)
        opened = sorted({known[name] for name in chosen} | set(np.flatnonzero(problem.fixed).tolist()))
        if problem.places is not None and len(opened) > problem.places:
            raise ValueError(f"{len(opened)} sites are open, at most {problem.places} may be")
        if question == "lscp" and not problem.covers()[:, opened].any(axis=1).all():
            raise ValueError("some people are not reached in time")
        return measure_of(problem, tuple(opened), Asked(question=question))


def read_siting(folder: Path) -> KnownSiting:
    """A problem and its answers from a folder."""
    demand, sites = _table(folder / "demand.csv"), _table(folder / "sites.csv")
    with (folder / "response_s.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1:]
    answers = yaml.safe_load((folder / "answers.yaml").read_text(encoding="utf-8"))
    return KnownSiting(
        problem=SitingProblem(
            response_s=np.array([[float(cell or "inf") for cell in line[1:]] for line in lines]),
            people=np.array([int(row["people"]) for row in demand], np.int64),
            limit_s=np.array([float(row["limit_s"]) for row in demand]),
            fixed=np.array([row["fixed"] == "1" for row in sites], np.bool_),
            places=int(answers["places"]),
        ),
        sites=tuple(row["id"] for row in sites),
        best={question: float(answers["best"][question]) for question in QUESTIONS},
    )


def write_siting(folder: Path, known: KnownSiting, *, about: str) -> None:
    """A problem and its answers as a folder of tables; ``about`` says where it comes from."""
    folder.mkdir(parents=True, exist_ok=True)
    problem = known.problem
    points = [f"d{number:04d}" for number in range(problem.rows)]
    _write(
        folder / "demand.csv",
        ["id", "people", "limit_s"],
        zip(points, problem.people.tolist(), (f"{limit:g}" for limit in problem.limit_s), strict=True),
    )
    _write(
        folder / "sites.csv",
        ["id", "fixed"],
        zip(known.sites, problem.fixed.astype(int).tolist(), strict=True),
    )
    seconds = (
        [point, *("" if np.isinf(one) else f"{one:.1f}" for one in row)]
        for point, row in zip(points, problem.response_ds / 10, strict=True)
    )
    _write(folder / "response_s.csv", ["id", *known.sites], seconds)
    answers = {"about": about, "places": problem.places, "best": dict(known.best)}
    text = yaml.safe_dump(answers, allow_unicode=True, sort_keys=False)
    (folder / "answers.yaml").write_text(text, encoding="utf-8", newline="\n")


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, heads: list[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(heads)
        lines.writerows(rows)
