"""What is left of a coverage problem when some units are decided: fewer sites, fewer groups, as lists."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Int64s, Lists
from optimizer.siting.cover_bits import Words, regrouped, words_for
from optimizer.siting.coverage_problem import CoverageProblem

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleLists:
    """Rules over the columns, ``low <= amounts of the units <= high``; column ``j`` from ``entry[j]``."""

    entry: Int64s
    rule: Int64s
    amount: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Core:
    """The undecided part; ``g`` groups, ``k`` columns.

    Parameters
    ----------
    columns
        Site of each column, ascending, shape (k,).
    most
        Units that may still be added at each, shape (k,).
    places
        Units that may still be added in all.
    start, site, begin, group
        Columns of each group and groups of each column, as lists one after another.
    people, done
        Weight of each group, and how many decided units cover it, less than ``len(worth) - 1``, shape (g,).
    worth
        As in the problem, and a last 0.
    base, decided
        Value of the decided units, and the units themselves by site, shape (m,).
    rules
        What the rules leave to the columns.
    floor_weight, floor_people
        What the floors leave to groups that nobody covers yet, shapes (floors, g) and (floors,).
    """

    columns: Int64s
    most: Int64s
    places: int
    start: Lists
    site: Lists
    begin: Lists
    group: Lists
    people: Floats
    done: Int64s
    worth: Floats
    base: float
    decided: Int64s
    rules: RuleLists
    floor_weight: Floats
    floor_people: Floats

    def units(self, added: Int64s) -> Int64s:
        """Units by site, of the decided ones and those added by column."""
        units = self.decided.copy()
        units[self.columns] += added
        return units

    def added(self, units: Int64s) -> Int64s:
        """Units by column beyond the decided ones."""
        return units[self.columns] - self.decided[self.columns]

    def short_of_floors(self, added: Int64s) -> Floats:
        """How many of the protected stay out, by floor, at most 0 where none are missing, shape (floors,)."""
        columns = np.flatnonzero(added)
        covered = np.zeros(len(self.people), np.bool_)
        for j in columns.tolist():
            covered[self.group[self.begin[j] : self.begin[j + 1]]] = True
        return np.asarray(self.floor_people - self.floor_weight @ covered)

    @property
    def room(self) -> float:
        """Most that the columns could add to the value, if all of them were open."""
        level = np.concatenate([[0.0], np.cumsum(self.worth)])
        return float(self.people @ (level[len(self.worth) - 1] - level[self.done]))

    @property
    def bound_to(self) -> bool:
        """Whether rules or floors limit the choice."""
        return len(self.rules.low) > 0 or len(self.floor_people) > 0


def core_of(problem: CoverageProblem, least: Int64s, most: Int64s) -> Core:
    """The core where each site has at least ``least`` and at most ``most`` units, shapes (m,)."""
    from optimizer._kernels.covers import list_sizes, turn_lists, write_lists

    columns = np.flatnonzero(most > least)
    top = len(problem.worth)
    done = np.minimum(problem.times_covered(least), top)
    covers, people, done, floors = _undecided(problem, columns, done)
    start = list_sizes(covers)
    number = np.full(64 * covers.shape[1], -1)
    number[columns] = np.arange(len(columns))
    site = np.empty(start[-1], np.int32)
    write_lists(covers, start, number, site)
    begin, group = turn_lists(start, site, len(columns))
    left = most - least
    return Core(
        columns=columns,
        most=left[columns],
        places=int(left.sum() if problem.places is None else min(problem.places - least.sum(), left.sum())),
        start=start.astype(np.uint32),
        site=site.view(np.uint32),
        begin=begin.astype(np.uint32),
        group=group.view(np.uint32),
        people=people,
        done=done,
        worth=np.append(problem.worth, 0.0),
        base=problem.value(least),
        decided=least.copy(),
        rules=_rules(problem, columns, least),
        floor_weight=floors,
        floor_people=_floor_people(problem, least),
    )


def _undecided(
    problem: CoverageProblem, columns: Int64s, done: Int64s
) -> tuple[Words, Floats, Int64s, Floats]:
    """Groups that the columns may still win, regrouped: bits, people, covers so far, floor weights."""
    open_bits = np.zeros(64 * words_for(problem.sites), np.bool_)
    open_bits[columns] = True
    mask = np.packbits(open_bits, bitorder="little").view("<u8").astype(np.uint64, copy=False)
    covers = problem.covers & mask
    floor_weight = np.array([floor.weight for floor in problem.floors])
    floor_weight = floor_weight.reshape(len(problem.floors), len(problem.people))
    floor_weight = floor_weight * (done == 0)
    wanted = (problem.people > 0) | (floor_weight > 0).any(axis=0)
    kept = np.flatnonzero((done < len(problem.worth)) & covers.any(axis=1) & wanted)
    keys = np.column_stack([covers[kept], done[kept].astype(np.uint64)])
    groups = regrouped(keys, problem.people[kept])
    floors = np.array(
        [np.bincount(groups.group, weights=w, minlength=len(groups.people)) for w in floor_weight[:, kept]],
        float,
    ).reshape(len(problem.floors), len(groups.people))
    return (
        np.ascontiguousarray(groups.covers[:, :-1]),
        groups.people,
        groups.covers[:, -1].astype(np.int64),
        floors,
    )


def _rules(problem: CoverageProblem, columns: Int64s, least: Int64s) -> RuleLists:
    number = np.full(problem.sites, -1)
    number[columns] = np.arange(len(columns))
    spent = np.array([float(rule.amount @ least[rule.sites]) for rule in problem.rules])
    slack = np.array(
        [_ROUNDING * max(1.0, float(np.abs(rule.amount).max(initial=0.0))) for rule in problem.rules]
    )
    rule = np.repeat(np.arange(len(problem.rules)), [len(rule.sites) for rule in problem.rules])
    column = number[np.concatenate([np.empty(0, np.int64), *(rule.sites for rule in problem.rules)])]
    amount = np.concatenate([np.empty(0), *(rule.amount for rule in problem.rules)])
    kept = column >= 0
    order = np.argsort(column[kept], kind="stable")
    entry = np.concatenate([[0], np.cumsum(np.bincount(column[kept], minlength=len(columns)))])
    return RuleLists(
        entry=entry.astype(np.int64),
        rule=rule[kept][order].astype(np.int64),
        amount=amount[kept][order].astype(float),
        low=np.array([rule.at_least for rule in problem.rules]) - spent - slack,
        high=np.array([rule.at_most for rule in problem.rules]) - spent + slack,
    )


def _floor_people(problem: CoverageProblem, least: Int64s) -> Floats:
    covered = problem.times_covered(least) > 0
    return np.array([floor.people - float(floor.weight @ covered) for floor in problem.floors])
