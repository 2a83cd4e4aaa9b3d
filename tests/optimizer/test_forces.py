"""Forces at places: columns and rules mean what a planner means, against every table of teams by place."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingAnswer
from optimizer.rules import Floor
from optimizer.siting.force_rules import Force, Room
from optimizer.siting.forces import Hosted, hosted
from optimizer.siting.planning_rules import apart, group
from tests.optimizer.every_choice import allowed, covered_people

M = 3
"""Places; the first is open already."""


def answer_of(chosen: tuple[int, ...]) -> SitingAnswer:
    return SitingAnswer(question="mclp", status="feasible", chosen=chosen, objective=None, bound=None)


def force(name: str, **changes: object) -> Force:
    """Each place covers its own row; 10, 20, 30 people."""
    fields: dict[str, object] = {
        "name": name,
        "response_s": np.where(np.eye(M, dtype=bool), 0.0, 60.0),
        "people": np.array([10, 20, 30]),
        "limit_s": np.full(M, 30.0),
        "teams": 1,
        "hosts": np.ones(M, bool),
        "standing": np.zeros(M, np.int64),
    }
    return Force(**(fields | changes))  # type: ignore[arg-type]  # the dictionary mixes kinds on purpose


@st.composite
def cases(draw: st.DrawFn) -> tuple[tuple[Force, ...], Room]:
    def maybe(strategy: st.SearchStrategy[object]) -> object:
        return draw(st.one_of(st.none(), strategy))

    fire = force(
        "fire",
        response_s=draw(hnp.arrays(float, (2, M), elements=st.sampled_from([0.0, 60.0, np.inf]))),
        people=draw(hnp.arrays(np.int64, 2, elements=st.integers(0, 9))),
        limit_s=np.full(2, 30.0),
        teams=draw(st.integers(0, 3)),
        hosts=draw(hnp.arrays(bool, M)),
        most_at_place=draw(st.integers(1, 2)),
        place_all=draw(st.booleans()),
        vehicles=draw(st.integers(0, 2)),
        team_cost=float(draw(st.integers(0, 3))),
        standing=np.array([draw(st.integers(0, 1)), 0, 0]),
    )
    gas = force("gas", teams=draw(st.integers(0, 2)), vehicles=1, team_cost=1.0)
    room = Room(
        existing=np.arange(M) < 1,
        places=maybe(st.integers(0, 2)),  # type: ignore[arg-type]  # drawn: a number or none
        teams=maybe(hnp.arrays(np.int64, M, elements=st.integers(1, 3))),  # type: ignore[arg-type]  # as above
        vehicles=maybe(hnp.arrays(np.int64, M, elements=st.integers(0, 3))),  # type: ignore[arg-type]  # as above
        opening=np.array([0.0, 2.0, 3.0]),
        budget=maybe(st.integers(0, 12).map(float)),  # type: ignore[arg-type]  # as above
        vehicles_in_all=maybe(st.integers(0, 5)),  # type: ignore[arg-type]  # as above
        rules=draw(st.sampled_from([(), (apart("a", [1, 2]),), (group("g", [1, 2], at_least=1),)])),
    )
    return (fire, gas), room


def kept(forces: tuple[Force, ...], room: Room, teams: np.ndarray) -> bool:
    """Whether a table of teams, places by forces, is what the planner's words allow."""
    standing = np.array([one.standing for one in forces]).T
    new, opened = teams - standing, teams.any(axis=1) | room.existing
    vehicles = new @ [one.vehicles for one in forces]
    fresh = opened & ~room.existing
    assert room.opening is not None
    cost = (new @ [one.team_cost for one in forces]).sum() + room.opening[fresh].sum()
    limits = [
        (new >= 0).all(),
        all(new[:, f].sum() <= one.teams for f, one in enumerate(forces)),
        all(new[:, f].sum() == one.teams for f, one in enumerate(forces) if one.place_all),
        all((teams[:, f] <= one.most_at_place).all() for f, one in enumerate(forces)),
        all((new[~one.hosts, f] == 0).all() for f, one in enumerate(forces)),
        room.teams is None or (teams.sum(axis=1) <= room.teams).all(),
        room.vehicles is None or (vehicles <= room.vehicles).all(),
        room.vehicles_in_all is None or vehicles.sum() <= room.vehicles_in_all,
        room.places is None or fresh.sum() <= room.places,
        room.budget is None or cost <= room.budget,
        all(rule.beyond(np.flatnonzero(opened).tolist()) == 0 for rule in room.rules),
    ]
    return all(map(bool, limits))


def worth(forces: tuple[Force, ...], teams: np.ndarray) -> int:
    return sum(
        int(one.people[i])
        for f, one in enumerate(forces)
        for i in range(len(one.people))
        if any(teams[j, f] and one.response_s[i, j] <= one.limit_s[i] for j in range(M))
    )


@settings(deadline=None, max_examples=60)
@given(cases())
def test_the_columns_allow_every_table_of_teams_and_no_other(case: tuple[tuple[Force, ...], Room]) -> None:
    """Choices of columns, mapped back, are exactly the tables that keep to the words, with their coverage."""
    forces, room = case
    both = hosted(forces, room)
    found = set()
    for chosen in allowed(both.problem):
        teams = both.teams(answer_of(chosen))
        assert covered_people(both.problem, chosen) == worth(forces, teams)
        found.add(tuple(teams.ravel().tolist()))
    most = [one.most_at_place for _ in range(M) for one in forces]
    tables = product(*(range(k + 1) for k in most))
    assert found == {table for table in tables if kept(forces, room, np.array(table).reshape(M, len(forces)))}


def best(both: Hosted) -> SitingAnswer:
    return answer_of(max(allowed(both.problem), key=lambda c: covered_people(both.problem, c)))


def test_two_forces_share_the_only_new_place() -> None:
    """One new place and room for two teams: both go where most people live."""
    both = hosted(
        (force("fire"), force("gas")), Room(existing=np.zeros(M, bool), places=1, teams=np.full(M, 2))
    )
    assert both.teams(best(both)).tolist() == [[0, 0], [0, 0], [1, 1]]
    assert both.open_places(best(both)) == (2,)


def test_room_for_one_team_sends_the_other_elsewhere() -> None:
    """The second force takes the place with the next most people."""
    both = hosted((force("fire"), force("gas")), Room(existing=np.ones(M, bool), teams=np.ones(M, np.int64)))
    assert covered_people(both.problem, best(both).chosen) == 50
    assert sorted(both.open_places(best(both))) == [1, 2]


def test_a_floor_of_one_force_counts_its_own_rows() -> None:
    """Row 0 of gas is row 3 of all; its floor sends the gas team to the smallest village."""
    floor = Floor(name="village 0", rows=np.array([0]), people=10.0)
    both = hosted((force("fire"), force("gas", floors=(floor,))), Room(existing=np.ones(M, bool)))
    assert both.problem.floors[0].rows.tolist() == [3]
    assert both.teams(best(both))[:, 1].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"teams": -1}, "numbers and costs"),
        ({"hosts": np.ones(2, bool)}, "3 places"),
        ({"standing": np.array([2, 0, 0])}, "standing teams at each"),
        ({"standing": np.array([0, 1, 0])}, "existing places"),
    ],
)
def test_forces_of_nonsense_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        hosted((force("fire", **changes),), Room(existing=np.arange(M) < 1))


def test_forces_have_names_of_their_own() -> None:
    with pytest.raises(ValueError, match="each name once"):
        hosted((force("fire"), force("fire")), Room(existing=np.ones(M, bool)))
