"""How a siting model writes choices down: its columns, and what of a choice each column stands for.

Plain questions have a column for each site. Teams of several forces, years of opening and moves of stations
have more; the builders of ``optimizer.siting`` make them, and the layouts here translate both ways.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from optimizer.problem import Int64s, SitingAnswer, SitingProblem
from optimizer.siting.force_rules import OPENING
from optimizer.siting.forces import Hosted
from optimizer.siting.phased import Phased
from optimizer.siting.relocation import STAYS, Relocatable
from scenarios.site_choice import Choice


class Layout(Protocol):
    """Columns of ``problem`` against choices; sites are numbers of ``Sites``."""

    @property
    def problem(self) -> SitingProblem:
        """What the models solve."""

    def choice(self, columns: Iterable[int]) -> Choice:
        """What open columns stand for."""

    def columns(self, choice: Choice) -> tuple[int, ...]:
        """Columns that are open in a choice, ascending; raises ``KeyError`` where none stands for it."""

    def of_site(self, number: int) -> tuple[int, ...]:
        """All columns of a site that are not fixed."""

    def plain_rows(self, rows: Int64s) -> Int64s:
        """Row by standard, as ``Points`` numbers them, of each of these rows of the problem."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlainLayout:
    """A column for each usable site, ``usable`` (u,) ascending."""

    problem: SitingProblem
    usable: Int64s

    def choice(self, columns: Iterable[int]) -> Choice:
        """What open columns stand for."""
        return Choice(opened=tuple(self.usable[sorted(columns)].tolist()))

    def columns(self, choice: Choice) -> tuple[int, ...]:
        """Columns that are open in a choice."""
        column = {number: c for c, number in enumerate(self.usable.tolist())}
        return tuple(sorted(column[number] for number in choice.opened))

    def of_site(self, number: int) -> tuple[int, ...]:
        """The column of a site."""
        return _free(self.problem, np.flatnonzero(self.usable == number))

    def plain_rows(self, rows: Int64s) -> Int64s:
        """The same rows."""
        return rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HostedLayout:
    """Teams of forces at usable places.

    Parameters
    ----------
    opened
        Existing places, open with or without a team.
    by_force
        Row by standard of each row of the problem, shape (n,).
    """

    hosted: Hosted
    usable: Int64s
    opened: tuple[int, ...]
    by_force: Int64s

    @property
    def problem(self) -> SitingProblem:
        """What the models solve."""
        return self.hosted.problem

    def choice(self, columns: Iterable[int]) -> Choice:
        """New teams by place and force; places with a team are open."""
        teams: dict[tuple[int, str], int] = {}
        for c in sorted(columns):
            if self.hosted.force[c] != OPENING and not self.problem.fixed[c]:
                key = (int(self.usable[self.hosted.place[c]]), self.hosted.forces[self.hosted.force[c]].name)
                teams[key] = teams.get(key, 0) + 1
        return Choice(opened=tuple(sorted({*self.opened, *(number for number, _ in teams)})), teams=teams)

    def columns(self, choice: Choice) -> tuple[int, ...]:
        """Fixed columns, the first free ones of each team, and those of open places."""
        found = np.flatnonzero(self.problem.fixed).tolist()
        number_of = {number: place for place, number in enumerate(self.usable.tolist())}
        for (number, force), count in choice.teams.items():
            f = [one.name for one in self.hosted.forces].index(force)
            mine = (self.hosted.place == number_of[number]) & (self.hosted.force == f) & ~self.problem.fixed
            if mine.sum() < count:
                raise KeyError((number, force))
            found += np.flatnonzero(mine)[:count].tolist()
        places = [number_of[number] for number in choice.opened]
        opening = (self.hosted.force == OPENING) & np.isin(self.hosted.place, places) & ~self.problem.fixed
        return tuple(sorted([*found, *np.flatnonzero(opening).tolist()]))

    def of_site(self, number: int) -> tuple[int, ...]:
        """Free columns of a place: its new teams, and its being opened."""
        place = np.flatnonzero(self.usable == number)
        return _free(self.problem, np.flatnonzero(np.isin(self.hosted.place, place)))

    def plain_rows(self, rows: Int64s) -> Int64s:
        """Rows come force by force."""
        return self.by_force[rows]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhasedLayout:
    """Sites by year of opening."""

    phased: Phased
    usable: Int64s
    years: tuple[int, ...]
    existing: frozenset[int]

    @property
    def problem(self) -> SitingProblem:
        """What the models solve."""
        return self.phased.problem

    def choice(self, columns: Iterable[int]) -> Choice:
        """Open sites, and the year of each new one."""
        opening = self.phased.opened(_answer(tuple(columns)))
        opened = np.flatnonzero(opening >= 0)
        year = {
            int(self.usable[j]): self.years[opening[j]]
            for j in opened.tolist()
            if int(self.usable[j]) not in self.existing
        }
        return Choice(opened=tuple(self.usable[opened].tolist()), year=year)

    def columns(self, choice: Choice) -> tuple[int, ...]:
        """The column of each site and its year; what stands is there from the first phase on."""
        column = {
            (int(self.usable[j]), t): c
            for c, (j, t) in enumerate(
                zip(self.phased.site.tolist(), self.phased.phase.tolist(), strict=True)
            )
        }
        phase = {year: t for t, year in enumerate(self.years)}
        return tuple(
            sorted(
                column[number, phase[choice.year[number]] if number in choice.year else 0]
                for number in choice.opened
            )
        )

    def of_site(self, number: int) -> tuple[int, ...]:
        """The columns of a site in all years."""
        site = np.flatnonzero(self.usable == number)
        return _free(self.problem, np.flatnonzero(np.isin(self.phased.site, site)))

    def plain_rows(self, rows: Int64s) -> Int64s:
        """Rows of one year follow those of the year before."""
        return rows % self.phased.whole.rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MovingLayout:
    """Sites that stay, open or take a station that moves."""

    moving: Relocatable
    usable: Int64s

    @property
    def problem(self) -> SitingProblem:
        """What the models solve."""
        return self.moving.problem

    def choice(self, columns: Iterable[int]) -> Choice:
        """Open sites, and which station moves where."""
        answer = _answer(tuple(columns))
        return Choice(
            opened=tuple(self.usable[list(self.moving.open_sites(answer))].tolist()),
            moves=tuple(
                (int(self.usable[old]), int(self.usable[new])) for old, new in self.moving.moves(answer)
            ),
        )

    def columns(self, choice: Choice) -> tuple[int, ...]:
        """The column of each open site, by where its station comes from."""
        came_from = {new: old for old, new in choice.moves}
        column = {
            (int(self.usable[j]), STAYS if old == STAYS else int(self.usable[old])): c
            for c, (j, old) in enumerate(
                zip(self.moving.site.tolist(), self.moving.moved_from.tolist(), strict=True)
            )
        }
        return tuple(sorted(column[number, came_from.get(number, STAYS)] for number in choice.opened))

    def of_site(self, number: int) -> tuple[int, ...]:
        """The columns of a site, wherever its station comes from."""
        site = np.flatnonzero(self.usable == number)
        return _free(self.problem, np.flatnonzero(np.isin(self.moving.site, site)))

    def plain_rows(self, rows: Int64s) -> Int64s:
        """The same rows."""
        return rows


def _free(problem: SitingProblem, columns: Int64s) -> tuple[int, ...]:
    return tuple(columns[~problem.fixed[columns]].tolist())


def _answer(columns: Sequence[int]) -> SitingAnswer:
    return SitingAnswer(
        question="mclp", status="feasible", chosen=tuple(sorted(columns)), objective=None, bound=None
    )
