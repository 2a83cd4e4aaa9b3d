"""The plan that a planner drew by hand: its measures beside the optimum, and which rules it does not keep."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from geo.region.region import Region
from optimizer.check import recomputed_objective
from optimizer.problem import SitingAnswer, SitingProblem
from scenarios.coverage_table import measures
from scenarios.plan_further import DrawnPlan, RuleBroken
from scenarios.rule_words import floor_zh, rule_zh
from scenarios.site_asked import asked_of
from scenarios.site_choice import Choice
from scenarios.site_inputs import SitingInputs
from scenarios.site_problem import plain_problem
from scenarios.siting_rules import Drawn


def drawn_plan(region: Region, inputs: SitingInputs) -> DrawnPlan | None:
    """The drawn plan in the tables and the measure of the question.

    Where the question decides more than sites (teams, years, moves) or asks over several states of the roads,
    sites alone say neither what the plan is worth nor what it breaks: the tables alone are given.
    """
    section, sites = inputs.ground.section, inputs.sites
    drawn = section.drawn
    if drawn is None:
        return None
    ids = _drawn_ids(drawn)
    choice = drawn_choice(inputs)
    objective: float | None = None
    breaks: tuple[RuleBroken, ...] = ()
    if not (section.teams or section.phases or section.robust or section.rules.movable):
        everywhere = replace(inputs.ground, usable=np.arange(len(sites.places)))
        problem = plain_problem(everywhere, inputs.response_s)
        value = recomputed_objective(problem, _bare(inputs, choice), asked_of(section))
        objective = value if np.isfinite(value) else None
        breaks = tuple(_breaks(inputs, problem, choice))
    return DrawnPlan(
        sites=ids,
        objective=objective,
        measures=measures(region, section, inputs, choice),
        breaks=breaks,
    )


def drawn_choice(inputs: SitingInputs) -> Choice:
    """Drawn sites, and what stands and stays unless the drawing closes it."""
    sites, drawn = inputs.sites, inputs.ground.section.drawn or Drawn()
    ids, close = frozenset(_drawn_ids(drawn)), frozenset(drawn.close)
    stays = sites.kept | sites.closable
    return Choice(
        opened=tuple(
            number
            for number, place in enumerate(sites.places)
            if (place.id in ids and not (sites.existing[number] and place.id in close))
            or (stays[number] and place.id not in close)
        )
    )


def _drawn_ids(drawn: Drawn) -> tuple[str, ...]:
    return (*drawn.sites, *(place.id for place in drawn.places))


def _bare(inputs: SitingInputs, choice: Choice) -> SitingAnswer:
    question = inputs.ground.section.question
    return SitingAnswer(
        question=question, status="feasible", chosen=choice.opened, objective=None, bound=None
    )


def _breaks(inputs: SitingInputs, problem: SitingProblem, choice: Choice) -> Iterator[RuleBroken]:
    """Rules that the drawing does not keep, in the planner's words."""
    sites, opened = inputs.sites, list(choice.opened)
    usable = set(inputs.ground.usable.tolist())
    for number in sorted(set(np.flatnonzero(sites.kept).tolist()) - set(opened)):
        name = sites.places[number].id
        yield RuleBroken(text_zh=f"{name} 应保留，不能关闭", text_en=f"{name} is to be kept open")
    for number in opened:
        if number not in usable and not sites.drawn[number]:
            name = sites.places[number].id
            yield RuleBroken(text_zh=f"{name} 被规则排除", text_en=f"{name} is barred by the rules")
    if problem.places is not None and len(opened) > problem.places:
        yield RuleBroken(
            text_zh=f"共 {len(opened)} 处，至多 {problem.places} 处",
            text_en=f"{len(opened)} sites are open, at most {problem.places} may be",
        )
    for rule in problem.rules:
        if beyond := rule.beyond(opened):
            yield RuleBroken(
                text_zh=f"规则“{rule_zh(rule.name)}”超出 {beyond:,g}",
                text_en=f"rule {rule.name}: beyond by {beyond:,g}",
            )
    covered = np.asarray(problem.covers()[:, opened].any(axis=1))
    for floor in problem.floors:
        people = int(problem.people[floor.rows][covered[floor.rows]].sum())
        if people < floor.people - 1e-6:
            yield RuleBroken(
                text_zh=f"{floor_zh(floor.name)}：达标 {people:,}，至少应为 {floor.people:,g}",
                text_en=f"{floor.name}: {people:,} in time, at least {floor.people:,g} are asked for",
            )
    yield from _uncovered(inputs, problem, covered)


def _uncovered(inputs: SitingInputs, problem: SitingProblem, covered: np.ndarray) -> Iterator[RuleBroken]:
    """Set covering: whom the drawing leaves out."""
    section = inputs.ground.section
    people, everybody = int(problem.people[covered].sum()), int(problem.people.sum())
    missed = not covered.all() if section.share == 1 else people < section.share * everybody - 1e-6
    if section.question == "lscp" and missed:
        yield RuleBroken(
            text_zh=f"达标 {people:,}，共 {everybody:,}，要求 {section.share:.0%}",
            text_en=f"{people:,} of {everybody:,} are in time, {section.share:.0%} are asked for",
        )
