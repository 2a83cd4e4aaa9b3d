"""Verify answers over years, forces, moves and states of the roads in a planner's terms, without a solver.

Each says first what is wrong with the answer as an answer over columns, then what the plan that it stands for
breaks: numbers by year, teams and room by place, costs of moves, people covered in each state.
"""

from collections.abc import Sequence

import numpy as np

from optimizer.check import figure_violations, kept_by, violations
from optimizer.problem import SitingAnswer
from optimizer.siting.asked import Asked
from optimizer.siting.force_rules import Room
from optimizer.siting.forces import Hosted
from optimizer.siting.phased import Phased, people_in
from optimizer.siting.relocation import Relocatable
from optimizer.siting.robust import RoadState, RobustAnswer

_ROUNDING = 1e-6


def phased_violations(programme: Phased, answer: SitingAnswer, asked: Asked | None = None) -> tuple[str, ...]:
    """What is wrong with a plan by years: its columns, numbers by year, rules and floors in the last year.

    For maximal covering the coverage of each year is counted again from the problem without years.
    """
    found = list(violations(programme.problem, answer, asked))
    if answer.status in ("infeasible", "cancelled") or found:
        return tuple(found)
    if len({int(programme.site[c]) for c in answer.chosen}) < len(answer.chosen):
        found.append("a site opens twice")
    for t, phase in enumerate(programme.phases):
        opened = programme.open_by(answer, t)
        if len(opened) > phase.places:
            found.append(f"{len(opened)} sites are open by {phase.name}, at most {phase.places} may be")
        if missing := set(np.flatnonzero(programme.whole.fixed).tolist()) - set(opened):
            found.append(f"fixed sites {sorted(missing)} are not open by {phase.name}")
        found += [
            f"rule {rule.name} is broken by {beyond:g} by {phase.name}"
            for rule in phase.rules
            if (beyond := rule.beyond(opened))
        ]
    last = programme.open_by(answer, len(programme.phases) - 1)
    found += [f"{text} by the last year" for text in _last_year(programme, last)]
    if answer.question == "mclp":
        worth = sum(
            phase.weight * people
            for phase, people in zip(programme.phases, programme.covered(answer).tolist(), strict=True)
        )
        if answer.objective is None or abs(worth - answer.objective) > _ROUNDING * max(1, worth):
            found.append(f"coverage over the years is {worth}, not {answer.objective}")
    return tuple(found)


def _last_year(programme: Phased, opened: tuple[int, ...]) -> list[str]:
    """Rules and floors of the problem in the last year, whose people and number of places are its own."""
    covered = np.asarray(programme.whole.covers()[:, list(opened)].any(axis=1))
    people = people_in(programme.whole, programme.phases[-1])
    weight = programme.phases[-1].weight
    found = [
        f"rule {rule.name} is broken by {beyond:g}"
        for rule in programme.whole.rules
        if (beyond := rule.beyond(opened))
    ]
    return found + [
        f"floor {floor.name} is missed"
        for floor in programme.whole.floors
        if weight * people[floor.rows][covered[floor.rows]].sum() < weight * floor.people - _ROUNDING
    ]


def hosted_violations(
    both: Hosted, room: Room, answer: SitingAnswer, asked: Asked | None = None
) -> tuple[str, ...]:
    """What is wrong with a plan of teams: its columns, teams by force, room, vehicles, places and money."""
    found = list(violations(both.problem, answer, asked))
    if answer.status in ("infeasible", "cancelled") or found:
        return tuple(found)
    teams = both.teams(answer)
    new = teams - np.array([force.standing for force in both.forces]).T
    vehicles = new @ np.array([force.vehicles for force in both.forces])
    fresh = teams.any(axis=1) & ~room.existing
    for f, force in enumerate(both.forces):
        placed = int(new[:, f].sum())
        if placed > force.teams or (force.place_all and placed < force.teams) or new[:, f].min(initial=0) < 0:
            found.append(f"{placed} new teams of {force.name}, want {force.teams}")
        if (new[~force.hosts, f] > 0).any() or teams[:, f].max(initial=0) > force.most_at_place:
            found.append(f"teams of {force.name} where they may not be")
    cost = float((new @ np.array([force.team_cost for force in both.forces])).sum())
    cost += 0.0 if room.opening is None else float(room.opening[fresh].sum())
    for what, count, most in (
        ("teams at a place", teams.sum(axis=1), room.teams),
        ("vehicles at a place", vehicles, room.vehicles),
        ("vehicles", vehicles.sum(), room.vehicles_in_all),
        ("new places", fresh.sum(), room.places),
        ("budget", cost, room.budget),
    ):
        if most is not None and (np.asarray(count) > np.asarray(most) + _ROUNDING * max(1.0, cost)).any():
            found.append(f"{what}: {np.asarray(count).tolist()}, at most {np.asarray(most).tolist()}")
    return tuple(found)


def relocation_violations(
    moves: Relocatable, answer: SitingAnswer, asked: Asked | None = None, *, budget: float | None = None
) -> tuple[str, ...]:
    """What is wrong with a plan of moves: its columns, each station and place once, rules, money."""
    found = list(violations(moves.problem, answer, asked))
    if answer.status in ("infeasible", "cancelled") or found:
        return tuple(found)
    moved = moves.moves(answer)
    if len({start for start, _ in moved}) < len(moved) or any(
        start in moves.open_sites(answer) for start, _ in moved
    ):
        found.append("a station moves twice, or moves and stays")
    if len(moves.open_sites(answer)) < len(answer.chosen):
        found.append("a place is taken twice")
    found += kept_by(moves.whole, moves.open_sites(answer))
    if budget is not None and moves.spent(answer) > budget + _ROUNDING * max(1.0, budget):
        found.append(f"budget: {moves.spent(answer):g}, at most {budget:g}")
    return tuple(found)


def robust_violations(states: Sequence[RoadState], robust: RobustAnswer) -> tuple[str, ...]:
    """What is wrong with a robust answer: rules, floors in each state, coverage by state, the measure."""
    answer = robust.answer
    if answer.status in ("infeasible", "cancelled"):
        return () if not answer.chosen else ("an answer without a plan names chosen sites",)
    sites = states[0].problem.sites
    if len(set(answer.chosen)) < len(answer.chosen) or any(not 0 <= j < sites for j in answer.chosen):
        return ("chosen sites are repeated or do not exist",)
    found = kept_by(states[0].problem, answer.chosen)
    covered = []
    for state in states:
        met = np.asarray(state.problem.covers()[:, list(answer.chosen)].any(axis=1))
        covered.append(int(state.problem.people[met].sum()))
        found += [
            f"floor {floor.name} is missed in state {state.name}"
            for floor in state.problem.floors
            if state.problem.people[floor.rows][met[floor.rows]].sum() < floor.people - _ROUNDING
        ]
    if tuple(covered) != robust.covered:
        found.append(f"covered by state are {covered}, not {list(robust.covered)}")
    return (*found, *figure_violations(answer, _measured(states, robust, covered), more=True))


def _measured(states: Sequence[RoadState], robust: RobustAnswer, covered: list[int]) -> float:
    """The measure by its definition: from the worst state up until the probability asked for is used up."""
    if robust.measure == "worst":
        return float(min(covered))
    share = left = 1.0 if robust.measure == "mean" else robust.tail
    total = 0.0
    for people, probability in sorted(zip(covered, (state.probability for state in states), strict=True)):
        part = min(left, probability)
        total, left = total + part * people, left - part
    return total / share
