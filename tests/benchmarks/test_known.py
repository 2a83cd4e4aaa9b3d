"""The instances with known answers: other solvers find the same, and plans of others are judged rightly."""

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack

from benchmarks.known import FOLDER, judged, main
from benchmarks.known_dispatch import read_dispatch, write_dispatch
from benchmarks.known_siting import QUESTIONS, KnownSiting, read_siting, write_siting
from optimizer.dispatch.assign import assign
from optimizer.siting.asked import Asked
from optimizer.siting.questions import model_of
from optimizer.watch import Watch

SITING = sorted(file.parent.name for file in FOLDER.glob("*/sites.csv"))
DISPATCH = sorted(file.parent.name for file in FOLDER.glob("*/teams.csv"))


@pytest.mark.parametrize("name", SITING)
def test_every_known_siting_answer_is_what_the_models_prove(name: str) -> None:
    known = read_siting(FOLDER / name)
    for question in QUESTIONS:
        answer = model_of(Asked(question=question))(known.asked(question), Watch(60))
        assert (answer.status, answer.objective) == ("optimal", known.best[question])
        chosen = [known.sites[site] for site in answer.chosen]
        assert known.value(question, chosen) == known.best[question]


def test_a_plain_program_of_another_solver_finds_the_known_coverage() -> None:
    known = read_siting(FOLDER / "pingluo-stations")
    assert _plain_coverage(known) == pytest.approx(known.best["mclp"])


def test_a_plain_program_of_another_solver_finds_the_known_covering() -> None:
    for name in SITING:
        known = read_siting(FOLDER / name)
        covers = known.asked("lscp").covers().astype(float)
        found: Any = milp(
            np.ones(covers.shape[1]),
            integrality=np.ones(covers.shape[1], np.int64),
            bounds=Bounds(known.problem.fixed.astype(float), 1),
            constraints=LinearConstraint(csr_array(covers), lb=1),
        )
        assert round(found.fun) == known.best["lscp"]


def test_a_plain_program_of_another_solver_finds_the_known_median() -> None:
    known = read_siting(FOLDER / "planar-400x60")
    problem = known.problem
    n, m = problem.response_s.shape
    serve: Any = kron(eye_array(n), np.ones((1, m)))
    within: Any = hstack([eye_array(n * m), -kron(csr_array(np.ones((n, 1))), eye_array(m))])
    once: Any = hstack([serve, csr_array((n, m))])
    number: Any = hstack([csr_array((1, n * m)), csr_array(np.ones((1, m)))])
    program: Any = vstack([within, once, number])
    assert problem.places is not None
    found: Any = milp(
        np.concatenate([(problem.people[:, None] * problem.response_s).ravel(), np.zeros(m)]),
        integrality=np.concatenate([np.zeros(n * m), np.ones(m)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            program.tocsr(),
            lb=np.concatenate([np.full(n * m, -np.inf), np.ones(n), [0]]),
            ub=np.concatenate([np.zeros(n * m), np.ones(n), [problem.places]]),
        ),
    )
    assert found.fun == pytest.approx(known.best["p_median"])


def test_the_known_center_is_the_least_of_all_choices_on_the_shipped_region() -> None:
    """Three of 35 sites beside the two that stand: 6,545 choices, all tried."""
    known = read_siting(FOLDER / "pingluo-stations")
    problem = known.problem
    fixed = np.flatnonzero(problem.fixed)
    standing = problem.response_s[:, fixed].min(axis=1)
    more = int(problem.places or 0) - len(fixed)
    free = np.flatnonzero(~problem.fixed)
    worst = min(
        np.minimum(standing, problem.response_s[:, chosen].min(axis=1)).max()
        for chosen in combinations(free.tolist(), more)
    )
    assert round(float(worst), 1) == known.best["p_center"]


def _plain_coverage(known: KnownSiting) -> float:
    covers = known.problem.covers().astype(float)
    n, m = covers.shape
    rows = np.block([[np.eye(n), -covers], [np.zeros((1, n)), np.ones((1, m))]])
    assert known.problem.places is not None
    found: Any = milp(
        np.concatenate([-known.problem.people, np.zeros(m)]),
        integrality=np.concatenate([np.zeros(n), np.ones(m)]),
        bounds=Bounds(np.concatenate([np.zeros(n), known.problem.fixed]), 1),
        constraints=LinearConstraint(rows, ub=np.append(np.zeros(n), known.problem.places)),
    )
    return float(-found.fun)


@pytest.mark.parametrize("name", DISPATCH)
def test_every_known_dispatch_answer_is_what_the_model_proves(name: str) -> None:
    known = read_dispatch(FOLDER / name)
    problem, plan = known.problem, assign(known.problem)
    sent = {
        f"slot {slot}": problem.teams[team].id for slot, team in enumerate(plan.team_of) if team is not None
    }
    assert known.value(sent) == known.best


def test_no_plan_of_the_small_county_is_better_than_the_known_one() -> None:
    """Every way to give eight teams, or nobody, to the slots."""
    known = read_dispatch(FOLDER / "county-8x2")
    slots = len(known.problem.slots)
    fits = [
        [team.serves(slot.capability, slot.level) for slot in known.problem.slots]
        for team in known.problem.teams
    ]
    names = [team.id for team in known.problem.teams]
    best = min(
        known.value({f"slot {k}": names[t] for k, t in enumerate(order) if t >= 0 and fits[t][k]})
        for order in _orders(len(names), slots, fits)
    )
    assert best == known.best


def _orders(teams: int, slots: int, fits: list[list[bool]]) -> set[tuple[int, ...]]:
    """Every choice of distinct teams by slot that can serve it, -1 for none."""
    found: set[tuple[int, ...]] = {()}
    for slot in range(slots):
        found = {
            (*order, team)
            for order in found
            for team in (-1, *(t for t in range(teams) if fits[t][slot] and t not in order))
        }
    return found


@pytest.mark.parametrize("name", SITING)
def test_siting_tables_are_written_as_they_were_read(name: str, tmp_path: Path) -> None:
    known = read_siting(FOLDER / name)
    write_siting(tmp_path, known, about="again")
    again = read_siting(tmp_path)
    assert np.array_equal(again.problem.response_ds, known.problem.response_ds)
    assert (again.sites, again.best, again.problem.places) == (known.sites, known.best, known.problem.places)


@pytest.mark.parametrize("name", DISPATCH)
def test_dispatch_tables_are_written_as_they_were_read(name: str, tmp_path: Path) -> None:
    known = read_dispatch(FOLDER / name)
    write_dispatch(tmp_path, known, about="again")
    again = read_dispatch(tmp_path)
    assert (again.problem.teams, again.problem.slots) == (known.problem.teams, known.problem.slots)
    assert np.array_equal(again.problem.travel_s, known.problem.travel_s)
    assert again.best == known.best


def test_a_worse_plan_is_called_worse_and_a_wrong_one_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = read_siting(FOLDER / "planar-400x60")
    plan = tmp_path / "plan.csv"
    plan.write_text("\n".join(known.sites[:8]), encoding="utf-8")
    assert main(["planar-400x60", "mclp", str(plan)]) == 1
    assert "worse" in capsys.readouterr().out
    plan.write_text("\n".join(known.sites[:9]), encoding="utf-8")
    assert main(["planar-400x60", "mclp", str(plan)]) == 1
    assert "at most 8" in capsys.readouterr().out
    plan.write_text("nowhere\n", encoding="utf-8")
    assert main(["planar-400x60", "p_center", str(plan)]) == 1
    assert main(["no-such", "mclp", str(plan)]) == 2


def test_a_plan_that_sends_a_team_twice_is_refused() -> None:
    known = read_dispatch(FOLDER / "county-8x2")
    team, slots = next(
        (team.id, mine)
        for team in known.problem.teams
        if len(mine := [k for k, s in enumerate(known.problem.slots) if team.serves(s.capability, s.level)])
        > 1
    )
    with pytest.raises(ValueError, match="twice"):
        known.value({f"slot {slots[0]}": team, f"slot {slots[1]}": team})


def test_an_empty_plan_is_worse_than_the_best() -> None:
    for name in DISPATCH:
        value, best, as_good = judged(FOLDER / name, "plan", [])
        assert not as_good
        assert value != best
