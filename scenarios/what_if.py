"""What if: the same question with one thing otherwise, and what then changes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from geo.errors import Fault, InputError, refuse
from geo.region.region import Region
from optimizer.dispatch.assign import assign
from optimizer.dispatch.plan import DispatchPlan as Answer
from optimizer.dispatch.problem import DispatchProblem
from scenarios.board import Board, RoadClosure
from scenarios.dispatch_inputs import DispatchInputs, dispatch_inputs, task_names
from scenarios.dispatch_plan import ChangedTask, WhatIfAnswer
from scenarios.doctrine import Doctrine
from scenarios.incident_models import IncidentScenario

Kind = Literal["without", "close", "wind"]
_QUESTION = re.compile(r"\s*(?:(without|close)\s+(\S+)|wind\s+([+-]?\d+(?:\.\d+)?))\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing otherwise: a team missing, a road closed, the wind turned clockwise by degrees."""

    kind: Kind
    subject: str

    @property
    def text(self) -> str:
        """As people write it."""
        return f"{self.kind} {self.subject}"


def read_question(text: str) -> Question:
    """A question from ``without TEAM``, ``close ROAD`` or ``wind +45``.

    Raises
    ------
    InputError
        S218 for anything else.
    """
    match = _QUESTION.fullmatch(text)
    if match is None:
        raise refuse(
            "S218",
            where="what-if",
            found=repr(text),
            wanted="'without TEAM', 'close ROAD' or 'wind +45'",
            fix="Write the question in one of these forms.",
        )
    if match[3] is not None:
        return Question("wind", f"{float(match[3]):+g}")
    return Question("without" if match[1].lower() == "without" else "close", match[2])


def what_if(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    answer: Answer,
    questions: Sequence[Question],
    *,
    again: Callable[[DispatchProblem], Answer] = assign,
) -> tuple[WhatIfAnswer, ...]:
    """Each question answered by a plan of its own, compared with ``answer``; ``again`` solves as it was.

    Raises
    ------
    InputError
        S219 for teams and roads that do not exist, and for a turn of a wind that is not known: all at once.
    """
    if faults := [fault for one in questions if (fault := _fault(region, scenario, one))]:
        raise InputError(faults)
    return tuple(
        _answered(region, scenario, board, doctrine, inputs, answer, one, again) for one in questions
    )


def _fault(region: Region, scenario: IncidentScenario, question: Question) -> Fault | None:
    layer = {"without": "teams", "close": "roads"}.get(question.kind)
    if layer is not None and (region.table(layer)["id"] == question.subject).any():
        return None
    if layer is None and scenario.weather.wind_from_deg is not None:
        return None
    return Fault(
        code="S219",
        where=f"what-if {question.text!r}",
        found=f"no {question.subject!r} in the layer {layer}" if layer else "no direction of the wind",
        wanted="an id of the region" if layer else "wind_from_deg in the scenario",
        fix="Correct the id." if layer else "Give the direction of the wind.",
    )


def _answered(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    answer: Answer,
    question: Question,
    again: Callable[[DispatchProblem], Answer],
) -> WhatIfAnswer:
    if question.kind == "without":
        others = _without(inputs, question.subject)
    else:
        changed = _turned(scenario, question) if question.kind == "wind" else scenario
        closed = _closed(board, question) if question.kind == "close" else board
        others = dispatch_inputs(region, changed, closed, doctrine)
    then = again(others.problem)
    return WhatIfAnswer(
        question=question.text,
        shortage=answer.measures.shortage,
        shortage_then=then.measures.shortage,
        filled=filled_slots(answer),
        filled_then=filled_slots(then),
        aid_teams=answer.measures.aid_teams,
        aid_teams_then=then.measures.aid_teams,
        last_arrival_s=last_arrival_s(inputs, answer),
        last_arrival_then_s=last_arrival_s(others, then),
        changes=changed_tasks(scenario, inputs, answer, others, then),
    )


def _without(inputs: DispatchInputs, name: str) -> DispatchInputs:
    """The same inputs with one team not available; zones, roads and times stay."""
    problem = inputs.problem
    teams = tuple(replace(team, available=team.available and team.id != name) for team in problem.teams)
    return replace(inputs, problem=replace(problem, teams=teams))


def _turned(scenario: IncidentScenario, question: Question) -> IncidentScenario:
    weather = scenario.weather
    turned = ((weather.wind_from_deg or 0.0) + float(question.subject)) % 360
    return scenario.model_copy(update={"weather": weather.model_copy(update={"wind_from_deg": turned})})


def _closed(board: Board | None, question: Question) -> Board:
    shut = RoadClosure(id=f"what-if {question.subject}", road_ids=(question.subject,))
    known = board or Board(muster=1)
    return known.model_copy(update={"closures": (*known.closures, shut)})


def filled_slots(answer: Answer) -> int:
    """How many slots have a team."""
    return sum(team is not None for team in answer.team_of)


def last_arrival_s(inputs: DispatchInputs, answer: Answer) -> float | None:
    """Order to the arrival of the last team, s; ``None`` where nobody comes."""
    arrival_s = inputs.problem.arrival_s
    came = [float(arrival_s[team, inputs.slots[slot][0]]) for team, slot in answer.slot_of.items()]
    return max(came, default=None)


def changed_tasks(
    scenario: IncidentScenario, inputs: DispatchInputs, answer: Answer, others: DispatchInputs, then: Answer
) -> tuple[ChangedTask, ...]:
    """Teams that do something else, in the order of the region."""
    before, after = _tasks(scenario, inputs, answer), _tasks(scenario, others, then)
    names = [team.id for team in inputs.teams]
    return tuple(
        ChangedTask(team_id=name, before=before.get(name, ""), after=after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )


def _tasks(scenario: IncidentScenario, inputs: DispatchInputs, answer: Answer) -> dict[str, str]:
    """What each team sent does: incident, capability and level."""
    asked = task_names(scenario, inputs)
    return {inputs.teams[team].id: asked[slot] for team, slot in answer.slot_of.items()}
