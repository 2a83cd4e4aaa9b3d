"""Use case: a siting plan played through a drill, beside today's stations, with the same calls."""

from collections.abc import Iterator, Sequence

import numpy as np

from geo.region.region import Region
from optimizer.drill.figures import FIELDS as OF_ALL
from optimizer.drill.statistics import LEVEL
from optimizer.problem import Floats
from optimizer.watch import Watch
from scenarios.files import scenario_digest
from scenarios.intervals import Interval, interval
from scenarios.plan import BeforeAfter, Measures
from scenarios.plan_simulation import (
    CallsTested,
    CrewTested,
    Responses,
    Simulation,
    StandardTested,
    TownshipTested,
)
from scenarios.site_choice import Choice, standing
from scenarios.site_crews import new_crews
from scenarios.site_expected import expected_shares
from scenarios.site_inputs import SitingInputs
from scenarios.site_test_figures import FIELDS
from scenarios.site_trial import Played, Side, SiteTrial, played, with_choice

PHASE = "tested by simulation"
LEAST = 2
"""Replications without which there is no interval."""
Pairs = Sequence[tuple[Played, Played]]


def simulation(
    region: Region,
    inputs: SitingInputs,
    trial: SiteTrial,
    choice: Choice,
    measures: BeforeAfter,
    *,
    watch: Watch,
    replications: int | None = None,
) -> Simulation | None:
    """Play the drill with today's stations and with a choice, replication by replication.

    ``replications``: in place of those asked for, as a stopped run states them. ``None`` where the run is
    stopped before two replications.
    """
    sides = (trial.today, with_choice(region, inputs, trial, choice))
    often = trial.drill.drill.replications if replications is None else replications
    pairs: list[tuple[Played, Played]] = []
    for number in range(often):
        watch.tell(PHASE, number / often)
        if watch.stopped_by == "user":
            break
        pairs.append((played(trial, sides[0], number), played(trial, sides[1], number)))
    if len(pairs) < LEAST:
        return None
    return _simulation(region, inputs, trial, sides, pairs, choice, measures)


def _simulation(
    region: Region,
    inputs: SitingInputs,
    trial: SiteTrial,
    sides: tuple[Side, Side],
    pairs: Pairs,
    choice: Choice,
    measures: BeforeAfter,
) -> Simulation:
    drill, section = trial.drill, inputs.ground.section
    return Simulation(
        drill_zh=drill.name_zh,
        drill_en=drill.name_en,
        drill_digest=scenario_digest(drill),
        seed=drill.seed,
        starts=drill.drill.starts.isoformat(),
        length_s=drill.drill.length,
        engine=drill.drill.engine,
        dispatch=drill.drill.dispatch,
        answered_by=trial.asked.answered_by,
        replications=len(pairs),
        level=LEVEL,
        busy=section.busy if section.question == "mexclp" else None,
        calls_before=_totals([before for before, _ in pairs]),
        calls_after=_totals([after for _, after in pairs]),
        standards=tuple(_standards(inputs, trial, choice, measures, pairs)),
        townships=tuple(_townships(region, inputs, trial, measures, pairs)),
        crews=tuple(_crews(trial, sides, pairs)),
        new_crews=new_crews(sides[1].crews, trial.forces, trial.levels),
        stations_without_crew=sides[1].crews.without,
        not_played=tuple(number for number, one in enumerate(trial.calls) if one is None),
    )


def _totals(side: Sequence[Played]) -> CallsTested:
    rows = np.array([one.totals for one in side])
    return CallsTested(
        **{name: interval(rows[:, OF_ALL.index(name)]) for name in ("calls", "lost", "open", "short")}
    )


def _standards(
    inputs: SitingInputs, trial: SiteTrial, choice: Choice, measures: BeforeAfter, pairs: Pairs
) -> Iterator[StandardTested]:
    """One a standard that the drill tells of, in their order."""
    mexclp = inputs.ground.section.question == "mexclp"
    nothing = (None,) * len(trial.calls)
    expected_now = expected_shares(inputs, standing(inputs.sites)) if mexclp else nothing
    expected_then = expected_shares(inputs, choice) if mexclp else nothing
    column = FIELDS.index("in_time")
    for number, one in enumerate(trial.calls):
        if one is None:
            continue
        before = np.array([pair[0].standards[number, column] for pair in pairs])
        after = np.array([pair[1].standards[number, column] for pair in pairs])
        yield StandardTested(
            standard=measures.before.standards[number],
            counted_after=None if measures.after is None else measures.after.standards[number].share,
            expected_before=expected_now[number],
            expected_after=expected_then[number],
            before=interval(before),
            after=interval(after),
            gain=interval(after - before),
        )


def _townships(
    region: Region, inputs: SitingInputs, trial: SiteTrial, measures: BeforeAfter, pairs: Pairs
) -> Iterator[TownshipTested]:
    """One a township and standard with calls, townships in the order of their layer."""
    places, standards = trial.today.ready.inputs.places, inputs.ground.section.standards
    shares = [_shares(side) for side in (measures.before, measures.after or measures.before)]
    names = region.table("townships").set_index("id")
    for area, township in enumerate(places.townships):
        for number, standard in enumerate(standards):
            rows = [np.array([pair[k].townships[number, area] for pair in pairs]) for k in (0, 1)]
            of = None if standard.of is None else standard.of.layer
            key = (township, standard.force, standard.within_s, of)
            if np.isnan(rows[0]).all() or key not in shares[0]:
                continue
            yield TownshipTested(
                id=township,
                name_zh=str(names.loc[township, "name_zh"]),
                name_en=str(names.loc[township, "name_en"]),
                force=standard.force,
                within_s=standard.within_s,
                counted_before=shares[0][key],
                counted_after=shares[1].get(key),
                before=_responses(rows[0]),
                after=_responses(rows[1]),
            )


def _shares(side: Measures) -> dict[tuple[str, str, float, str | None], float | None]:
    return {(one.id, one.force, one.within_s, one.of): one.share for one in side.townships}


def _responses(rows: Floats) -> Responses:
    """Figures over replications, shape (n, f); a replication without a call counts as none."""
    counts = np.nan_to_num(rows[:, : FIELDS.index("in_time")])
    whole = np.hstack([counts, rows[:, counts.shape[1] :]])
    return Responses(**{name: interval(whole[:, column]) for column, name in enumerate(FIELDS)})


def _crews(trial: SiteTrial, sides: tuple[Side, Side], pairs: Pairs) -> Iterator[CrewTested]:
    """Crews that answer for the forces, today's first."""
    busy = [_busy(side, [pair[k] for pair in pairs]) for k, side in enumerate(sides)]
    named = {team.id: team for side in sides for team in side.crews.teams}
    for force in trial.forces:
        ids = dict.fromkeys(
            team.id for side in sides for team in side.crews.teams if team.id in side.crews.of[force]
        )
        for one in ids:
            yield CrewTested(
                id=one,
                name_zh=named[one].name_zh,
                name_en=named[one].name_en,
                site=named[one].station_id,
                force=force,
                new=one in sides[1].crews.new,
                utilisation_before=busy[0].get(one),
                utilisation_after=busy[1].get(one),
            )


def _busy(side: Side, runs: Sequence[Played]) -> dict[str, Interval]:
    shares = np.array([one.utilisation for one in runs]).reshape(len(runs), -1)
    return {team.id: interval(shares[:, number]) for number, team in enumerate(side.crews.teams)}
