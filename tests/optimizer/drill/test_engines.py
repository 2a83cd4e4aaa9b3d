"""The compiled engine against the exact one, and what must hold of every run."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer._kernels import drill as kernel
from optimizer.drill.clock import Clock
from optimizer.drill.log import DrillRun, Event, Outcome
from optimizer.drill.problem import NO_ROAD_DS, Calls, DrillProblem
from optimizer.drill.simulate import Engine, Policy, simulate
from tests.optimizer.drill.closed_forms import Zones, zoned
from tests.optimizer.drill.drawn import HORIZON_DS, drawn

SEEDS = st.integers(0, 2**31)
ENGINES: tuple[tuple[Engine, Policy], ...] = (("compiled", "nearest"), ("exact", "flow"))


def same(first: DrillRun, second: DrillRun) -> bool:
    return all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in DrillRun.__dataclass_fields__
    )


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.booleans())
def test_both_engines_write_the_same_log_where_the_nearest_goes(seed: int, short_shifts: bool) -> None:
    problem, calls = drawn(seed)
    problem = _with_short_shifts(problem, seed) if short_shifts else problem
    assert same(
        simulate(problem, calls, log=True),
        simulate(problem, calls, engine="exact", policy="nearest", log=True),
    )


def test_teams_are_taken_from_lesser_calls_roads_close_and_posts_are_held_in_what_is_compared() -> None:
    seen = set()
    for seed in range(40):
        problem, calls = drawn(seed)
        seen |= set(simulate(problem, calls, log=True).log[:, 1].tolist())
    assert seen == set(map(int, Event))


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.sampled_from(ENGINES))
def test_time_never_goes_back_and_a_team_serves_one_call_at_a_time(
    seed: int, engine: tuple[Engine, Policy]
) -> None:
    problem, calls = drawn(seed)
    run = simulate(problem, calls, engine=engine[0], policy=engine[1], log=True)
    assert (np.diff(run.log[:, 0]) >= 0).all()
    assert not len(run.log) or run.log[-1, 0] < HORIZON_DS
    serving: dict[int, tuple[int, int]] = {}
    for _, event, call, slot, team, _ in run.log.tolist():
        if event == Event.DIVERT:
            assert serving.pop(team) == (call, slot)
        elif event == Event.ORDER:
            assert team not in serving, "a team that is out goes nowhere else"
            serving[team] = (call, slot)
        elif event in (Event.ARRIVE, Event.LEAVE, Event.HOSPITAL):
            assert serving[team] == (call, slot)
        elif event == Event.FREE:
            assert serving.pop(team) == (call, slot)
        elif event in (Event.HOME, Event.MOVE_UP, Event.DUTY_OFF):
            assert team not in serving


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.sampled_from(ENGINES))
def test_every_call_ends_served_lost_or_open_and_totals_conserve(
    seed: int, engine: tuple[Engine, Policy]
) -> None:
    problem, calls = drawn(seed)
    run = simulate(problem, calls, engine=engine[0], policy=engine[1], log=True)
    count = {event: int((run.log[:, 1] == event).sum()) for event in Event}
    came_in = int((calls.at_ds + problem.handling_ds < problem.horizon_ds).sum())
    outcomes = {one: int((run.outcome == one).sum()) for one in Outcome}
    assert sum(outcomes.values()) == len(calls)
    assert count[Event.CALL] == came_in
    assert (count[Event.SERVED], count[Event.LOST]) == (outcomes[Outcome.SERVED], outcomes[Outcome.LOST])
    still_out = count[Event.ORDER] - count[Event.DIVERT] - count[Event.FREE]
    assert 0 <= still_out <= len(problem.fleet)
    assert count[Event.ORDER] - count[Event.DIVERT] == (run.team_of >= 0).sum()
    assert count[Event.ARRIVE] == (run.arrived_ds >= 0).sum()
    assert (run.busy_ds <= problem.horizon_ds - problem.warm_up_ds).all()
    assert ((run.arrived_ds < 0) | (run.arrived_ds >= run.ordered_ds)).all()


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_only_eligible_teams_go_and_own_ones_before_aid(seed: int) -> None:
    """Each order of the log is looked at by itself: the team may fill the slot."""
    problem, calls = drawn(seed)
    run = simulate(problem, calls, log=True)
    for _, event, call, slot, team, node in run.log.tolist():
        if event == Event.ORDER:
            assert problem.kinds.eligible[problem.kinds.slot_from[calls.kind[call]] + slot, team]
            assert node == calls.node[call]


@settings(deadline=None, max_examples=20)
@given(SEEDS)
def test_two_runs_of_one_drill_are_the_same_byte_for_byte(seed: int) -> None:
    problem, calls = drawn(seed)
    for engine, policy in ENGINES:
        first = simulate(problem, calls, engine=engine, policy=policy, log=True)
        second = simulate(problem, calls, engine=engine, policy=policy, log=True)
        assert first.log.tobytes() == second.log.tobytes()


def test_without_teams_every_call_stays_open_or_is_lost() -> None:
    problem, calls = drawn(1)
    none = _without_teams(problem)
    assert (simulate(none, calls).outcome == Outcome.OPEN).all()
    came_in = calls.at_ds + none.handling_ds < none.horizon_ds
    assert (simulate(replace(none, waits=False), calls).outcome[came_in] == Outcome.LOST).all()


def _without_teams(problem: DrillProblem) -> DrillProblem:
    fleet, kinds = problem.fleet, problem.kinds
    empty = np.empty(0, np.int64)
    return replace(
        problem,
        fleet=replace(
            fleet, home=empty, turnout_ds=empty, aid=empty > 0, mode=fleet.mode[:0], home_mode=empty,
            on_duty=empty > 0, duty_at_ds=empty, duty_team=empty, duty_on=empty > 0,
        ),
        kinds=replace(kinds, eligible=kinds.eligible[:, :0]),
        table=None,
        waits=True,
        give_up_ds=None,
    )  # fmt: skip


def test_numbers_of_events_and_outcomes_are_those_of_the_compiled_clock() -> None:
    for event in Event:
        assert getattr(kernel, event.name) == event
    for outcome in Outcome:
        assert getattr(kernel, f"{outcome.name}_CALL") == outcome


def test_a_log_without_room_is_written_again_with_more() -> None:
    problem, calls = drawn(3)
    short = Clock(problem, calls, log_rows=5)
    assert not short.run()
    assert len(simulate(problem, calls, log=True).log) > 5


def _by_team(run: DrillRun) -> dict[int, list[tuple[int, int]]]:
    rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, event, _, _, team, _ in run.log.tolist():
        if team >= 0:
            rows[team].append((at, event))
    return rows


def _on_duty(problem: DrillProblem, team: int, at_ds: int) -> bool:
    """What the roster says, changes at ``at_ds`` included."""
    fleet = problem.fleet
    changes = fleet.duty_on[(fleet.duty_team == team) & (fleet.duty_at_ds <= at_ds)]
    return bool(changes[-1] if len(changes) else fleet.on_duty[team])


@settings(deadline=None, max_examples=80)
@given(SEEDS, st.sampled_from(ENGINES))
def test_a_team_whose_shift_is_over_gets_no_order_ends_its_call_goes_home_and_is_off(
    seed: int, engine: tuple[Engine, Policy]
) -> None:
    problem, calls = drawn(seed)
    problem = _with_short_shifts(problem, seed)
    run = simulate(problem, calls, engine=engine[0], policy=engine[1], log=True)
    for team, events in _by_team(run).items():
        for (_, event), (at_ds, following) in pairwise([(0, -1), *events]):
            if following in (Event.ORDER, Event.MOVE_UP, Event.DIVERT, Event.DUTY_ON):
                assert _on_duty(problem, team, at_ds), "orders go to teams on duty alone"
            if following == Event.DUTY_OFF:
                assert not _on_duty(problem, team, at_ds)
                assert event not in (Event.ORDER, Event.ARRIVE, Event.LEAVE, Event.HOSPITAL), (
                    "its call ends first"
                )
            assert event != Event.DUTY_OFF or following == Event.DUTY_ON


def _with_short_shifts(problem: DrillProblem, seed: int) -> DrillProblem:
    """Shifts of a few drives each, many ending at one moment, long drives, teams readily taken from calls."""
    rng, teams = np.random.default_rng(seed), len(problem.fleet)
    at_ds = [rng.choice(np.arange(50, HORIZON_DS, 50), 20, replace=False) for _ in range(teams)]
    order = np.argsort(np.concatenate(at_ds), kind="stable")
    fleet = replace(
        problem.fleet,
        duty_at_ds=np.concatenate(at_ds)[order],
        duty_team=np.repeat(np.arange(teams), 20)[order],
        duty_on=rng.random(20 * teams) < 0.5,
    )
    far = np.minimum(problem.drives.drive_ds * 4, NO_ROAD_DS)
    return replace(problem, fleet=fleet, drives=replace(problem.drives, drive_ds=far), divert_gain_ds=0)


def test_a_shift_that_ends_on_the_road_at_work_or_on_the_way_home() -> None:
    """One team at node 0, one call at node 1, 100 ds away: ordered 10, there 110, done 160, home 260."""
    home_by = {50: 260, 130: 260, 200: 260, 260: 260, 300: 300}
    for ends_ds, off_ds in home_by.items():
        run = simulate(*_one_call(ends_ds=ends_ds), log=True)
        events = [(at, Event(event).name) for at, event in _by_team(run)[0]]
        out = [(10, "ORDER"), (110, "ARRIVE"), (160, "LEAVE"), (160, "FREE"), (260, "HOME")]
        assert events == [*out, (off_ds, "DUTY_OFF")]
        assert run.outcome.tolist() == [Outcome.SERVED, Outcome.OPEN], "the second call gets nobody"


def test_a_team_that_drives_home_is_sent_when_its_next_shift_has_begun() -> None:
    """Its shift ends at 130, at work, and the next begins at 220, on the way home, 60 ds from the scene."""
    problem, calls = _one_call(ends_ds=130, second_ds=180)
    fleet = problem.fleet
    changes = {"duty_at_ds": np.array([130, 220]), "duty_team": np.zeros(2, int), "duty_on": np.arange(2) > 0}
    run = simulate(replace(problem, fleet=replace(fleet, **changes)), calls, log=True)
    events = [(at, Event(event).name) for at, event in _by_team(run)[0]][4:]
    assert events == [(220, "ORDER"), (280, "ARRIVE"), (330, "LEAVE"), (330, "FREE"), (430, "HOME")]


def _one_call(*, ends_ds: int, second_ds: int = 310) -> tuple[DrillProblem, Calls]:
    drive_ds = np.array([[0.0, 100.0], [100.0, 0.0]])
    zones = Zones(drive_ds, np.zeros(1, np.int64))
    rng = np.random.default_rng(0)
    problem, calls = zoned(zones, rng, between_ds=1, work_ds=1, calls=2, waits=True)
    off = {"duty_at_ds": np.array([ends_ds]), "duty_team": np.zeros(1, int), "duty_on": np.zeros(1, bool)}
    return replace(
        problem, fleet=replace(problem.fleet, **off), horizon_ds=1_000, warm_up_ds=0
    ), replace(
        calls, at_ds=np.array([10, second_ds]), node=np.ones(2, np.int64), work_ds=np.full(2, 50)
    )  # fmt: skip
