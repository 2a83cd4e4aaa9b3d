"""Verify a dispatch plan from its inputs without a solver: what it states is computed again and compared."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from geo.errors import Fault
from geo.region.region import Region
from optimizer.dispatch.check import complement_sum_s, people_missing, recomputed_measures, violations
from optimizer.dispatch.plan import DispatchPlan as Answer
from scenarios.board import Board
from scenarios.board_file import board_from
from scenarios.check import MOST_DIFFERENCES, CheckReport, region_of_plan, unequal
from scenarios.cover import cover_state
from scenarios.depth_sensitivity import depth_figures, inputs_by_depth
from scenarios.dispatch_answers import DispatchSolved, dispatch_plan
from scenarios.dispatch_beside import wrong_moves, wrong_orders, wrong_reasons
from scenarios.dispatch_inputs import DispatchInputs, dispatch_inputs
from scenarios.dispatch_plan import DispatchPlan, read_dispatch_plan
from scenarios.doctrine import Doctrine, doctrine_from, shipped_doctrine
from scenarios.files import scenario_digest, scenario_from
from scenarios.incident_models import IncidentScenario
from scenarios.refinement import people_at
from scenarios.relief_check import stated_relief
from scenarios.run_record import recorded_scenario
from scenarios.water_files import changed_files

VERIFIED = (
    "digests",
    "zones",
    "staging",
    "travel times",
    "slots",
    "routes",
    "shortages",
    "cover left behind and moves",
    "arrivals in reasons",
    "orders",
    "people and materials",
    "provenance",
)
TRUSTED = (
    "that no other choice is better",
    "bounds of people and materials",
    "what reasons and trades cost",
    "what-if",
    "whom other depths would need",
    "what orders gain",
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the plan says it was computed from."""

    scenario: IncidentScenario
    board: Board | None
    doctrine: Doctrine


def check_dispatch(plan_path: Path | str, region: Region | Path | str | None = None) -> CheckReport:
    """Verify a dispatch plan; ``region`` where its run record does not say, or no longer lies, where it did.

    Raises
    ------
    InputError
        P101 to P103 no readable plan, P104 no region to check against, and the faults of that region.
    """
    where = str(plan_path)
    plan = read_dispatch_plan(plan_path)
    said = _said(plan, where)
    found = region_of_plan(Path(plan_path), region)
    faults = [*_foreign(where, plan, said, found), *_changed_water(where, said.scenario)]
    if not faults:
        engaged = {order.team_id for order in plan.orders if order.before}
        inputs = dispatch_inputs(found, said.scenario, said.board, said.doctrine, engaged=engaged)
        faults = [*_unknown_teams(where, plan, inputs)] or [*_differences(where, plan, said, found, inputs)]
    return CheckReport(
        plan=where, faults=tuple(faults[:MOST_DIFFERENCES]), verified=VERIFIED, trusted=TRUSTED
    )


def _said(plan: DispatchPlan, where: str) -> _Said:
    asked = plan.inputs
    scenario = scenario_from(
        asked.scenario.content, where=f"{where} inputs.scenario.content", model=IncidentScenario
    )
    board, table = asked.board.content, asked.doctrine.content
    return _Said(
        scenario=scenario,
        board=None if board is None else board_from(board, where=f"{where} inputs.board.content"),
        doctrine=shipped_doctrine()
        if table is None
        else doctrine_from(table, where=f"{where} inputs.doctrine.content"),
    )


def _foreign(where: str, plan: DispatchPlan, said: _Said, region: Region) -> Iterator[Fault]:
    """Digests that do not fit: the plan is of another region, or its inputs were changed."""
    if (digest := region.digest()) != plan.inputs.region.digest:
        yield _fault(
            "P105",
            f"{where} inputs.region.digest",
            plan.inputs.region.digest,
            digest,
            "Check against the region that the plan was computed from, or compute it again.",
        )
    changed = (
        ("scenario", plan.inputs.scenario.digest, scenario_digest(said.scenario)),
        ("doctrine", plan.inputs.doctrine.digest, said.doctrine.digest()),
    )
    for name, found, wanted in changed:
        if found != wanted:
            fix = f"The {name} inside the plan was changed; compute the plan again."
            yield _fault("P106", f"{where} inputs.{name}.digest", found, wanted, fix)


def _changed_water(where: str, scenario: IncidentScenario) -> Iterator[Fault]:
    """Files of water beside the scenario that say something else now; without them the plan's copy counts."""
    named = recorded_scenario(Path(where))
    for one in changed_files(scenario, named.parent) if named else ():
        fix = "Compute the plan again with the file as it is now, or put the former file back."
        yield _fault(
            "S288", f"{where} {one.file}", one.digest, "the file that the plan was computed from", fix
        )


def _unknown_teams(where: str, plan: DispatchPlan, inputs: DispatchInputs) -> Iterator[Fault]:
    known = {team.id for team in inputs.teams}
    wanted = "a team of the region"
    if len(plan.decisions.slots) != len(inputs.slots):
        found, asked = f"{len(plan.decisions.slots)} slots", f"{len(inputs.slots)} as the doctrine asks"
        yield _fault("P108", f"{where} decisions.slots", found, asked, "Compute the plan again.")
    for slot in plan.decisions.slots:
        if slot.team_id and slot.team_id not in known:
            yield _fault("P107", f"{where} decisions.slots", slot.team_id, wanted, "Compute the plan again.")


def _differences(
    where: str, plan: DispatchPlan, said: _Said, region: Region, inputs: DispatchInputs
) -> Iterator[Fault]:
    """What the stated answer breaks, and where the plan differs from the one that it gives."""
    number = {team.id: at for at, team in enumerate(inputs.teams)}
    team_of = tuple(number[slot.team_id] if slot.team_id else None for slot in plan.decisions.slots)
    answer = Answer(team_of=team_of, measures=recomputed_measures(inputs.problem, team_of))
    fix = "Do not use the plan; compute it again."
    broken = violations(inputs.problem, answer)
    for text in broken:
        yield _fault("P108", f"{where} decisions.slots", text, "an answer that holds", fix)
    if broken:
        return
    cover = cover_state(region, said.doctrine.cover, inputs)
    for text in (
        *wrong_reasons(plan, inputs, answer),
        *wrong_moves(plan, region, cover, said.doctrine.cover, inputs, answer),
        *wrong_orders(plan, said.scenario, inputs),
    ):
        yield _fault("P109", where, text, "what follows from the plan", fix)
    relief, wrong = stated_relief(where, plan, region, said.scenario, said.doctrine, inputs, answer)
    yield from wrong
    if wrong:
        return
    solved = DispatchSolved(
        answer=answer,
        reasons=plan.reasons,
        cover=cover,
        trades=plan.cover.trades,
        moves=plan.cover.moves,
        what_if=plan.what_if,
        sensitivity=plan.sensitivity,
        refinement=plan.refinement,
        orders=plan.orders,
        least_shortage=round(plan.bound.value) if plan.status == "feasible" else None,
        relief=relief,
    )
    yield from _refined(where, plan, said, inputs, answer)
    yield from _depths(where, plan, said, region, inputs)
    again = dispatch_plan(region, said.scenario, said.board, said.doctrine, inputs, solved)
    for key, found, wanted in unequal(plan.model_dump(mode="json"), again.model_dump(mode="json"), ""):
        yield _fault("P109", f"{where} {key}", found, wanted, fix)


def _refined(
    where: str, plan: DispatchPlan, said: _Said, inputs: DispatchInputs, answer: Answer
) -> Iterator[Fault]:
    """The measure and the heads of a refined plan; that the bound is a bound only a solver can tell."""
    stated, fix = plan.refinement, "Do not use the plan; compute it again."
    if stated is None:
        return
    by_headcount = stated.measure == "headcount"
    measure = (people_missing if by_headcount else complement_sum_s)(inputs.problem, answer.team_of)
    for key, found, wanted in (
        ("objective", stated.objective, measure),
        ("people", stated.people, people_at(said.scenario, inputs, answer)),
        ("gap", stated.gap, round((stated.objective - stated.bound) / max(1.0, stated.objective), 9)),
    ):
        if found != wanted:
            yield _fault("P109", f"{where} refinement.{key}", found, wanted, fix)
    if not stated.bound <= stated.objective <= stated.exact:
        text = f"bound {stated.bound}, objective {stated.objective}, exact plan {stated.exact}"
        yield _fault("P109", f"{where} refinement", text, "in rising order", fix)


def _depths(
    where: str, plan: DispatchPlan, said: _Said, region: Region, inputs: DispatchInputs
) -> Iterator[Fault]:
    """What a sensitivity run says of people and roads; whom it would send only a solver can tell."""
    if not plan.sensitivity:
        return
    fix = "Do not use the plan; compute it again."
    runs = inputs_by_depth(region, said.scenario, said.board, said.doctrine, inputs)
    again = [{"factor": factor, **asdict(depth_figures(region, others))} for factor, others in runs]
    stated = [run.model_dump(include=set(again[0])) for run in plan.sensitivity]
    for key, found, wanted in unequal(stated, again, "sensitivity"):
        yield _fault("P109", f"{where} {key}", found, wanted, fix)


def _fault(code: str, where: str, found: object, wanted: object, fix: str) -> Fault:
    return Fault(code=code, where=where, found=str(found)[:80], wanted=str(wanted)[:80], fix=fix)
