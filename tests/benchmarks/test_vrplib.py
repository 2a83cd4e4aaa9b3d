"""Published routing instances: their best known costs come out to the last digit, and ours stay near them."""

from pathlib import Path

import pytest

from benchmarks.vrplib import read_best_known, read_instance
from geo.errors import InputError
from optimizer.routing.answer import scheduled
from optimizer.routing.check import routing_violations
from optimizer.routing.fleet import route_fleet
from optimizer.watch import Watch

FILES = ["HFVRP/X101-FSMFD", "HFVRP/X115-HVRP", *(f"MDVRPTW/PR{k}{ab}" for k in range(11, 18) for ab in "AB")]
UNIT = {"HFVRP": 100_000, "MDVRPTW": 1}
"""One unit of the published cost in units of ours."""


@pytest.mark.data
@pytest.mark.parametrize("name", FILES)
def test_the_best_known_routes_hold_and_cost_what_was_published(name: str, shared_data: Path) -> None:
    """Depots, windows, durations, loads and costs are read as those who published them did."""
    problem = read_instance(shared_data / "routing" / f"{name}.vrp")
    routes, published = read_best_known(shared_data / "routing" / f"{name}.sol")
    kinds = [k for k, kind in enumerate(problem.fleet) for _ in range(kind.count)]
    depots = problem.tasks[0].place
    total = 0
    visited: list[int] = []
    for kind, places in zip(kinds, routes, strict=False):
        if places:
            route = scheduled(problem, kind, tuple(place - depots for place in places))
            assert route is not None
            load = sum(problem.tasks[task].load[0] for task in route.tasks)
            assert load <= problem.fleet[kind].capacity[0]
            total, visited = total + route.cost, [*visited, *route.tasks]
    assert sorted(visited) == list(range(len(problem.tasks)))
    assert total / UNIT[name.split("/")[0]] == pytest.approx(published, abs=0.006 if "HFVRP" in name else 0)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "most"),
    [("HFVRP/X101-FSMFD", 2), ("HFVRP/X115-HVRP", 3), ("MDVRPTW/PR11B", 6), ("MDVRPTW/PR17A", 8)],
)
def test_ours_stay_near_the_best_known(name: str, most: float, shared_data: Path) -> None:
    """Per cent over the best known cost after 40,000 iterations, nothing left out."""
    problem = read_instance(shared_data / "routing" / f"{name}.vrp")
    published = read_best_known(shared_data / "routing" / f"{name}.sol")[1] * UNIT[name.split("/")[0]]
    answer = route_fleet(problem, iterations=40_000, watch=Watch(300.0))
    assert routing_violations(problem, answer) == ()
    assert answer.unserved == ()
    assert answer.cost <= published * (1 + most / 100)
    assert answer.bound is not None
    assert answer.bound <= published + 1


SMALL = """NAME: small
TYPE: CVRP
DIMENSION: 3
VEHICLES: 2
CAPACITY: 4
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 0 8
DEMAND_SECTION
1 0
2 1
3 1
DEPOT_SECTION
1
-1
EOF
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "some.vrp"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_small_file_by_hand(tmp_path: Path) -> None:
    """0-0 to 3-4 is 5, on to 0-8 is 5, back 8: 18, in thousandths."""
    problem = read_instance(written(tmp_path, SMALL))
    assert route_fleet(problem, iterations=50).cost == 18_000
    assert [(kind.count, kind.capacity) for kind in problem.fleet] == [(2, (4,))]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("1 0 0", "1 zero 0", "F402"),
        ("1 0 0", "1 nan 0", "F402"),
        ("DIMENSION: 3", "DIMENSION: many", "F403"),
        ("VEHICLES: 2", "", "F403"),
        ("VEHICLES: 2", "VEHICLES: 0", "F403"),
        ("EUC_2D", "EXPLICIT", "F404"),
        ("DEMAND_SECTION", "BACKHAUL_SECTION", "F404"),
        ("3 0 8\n", "", "F405"),
        ("2 3 4", "2 3", "F405"),
        ("DEPOT_SECTION\n1", "DEPOT_SECTION\n2", "F405"),
        ("2 1\n", "2 -1\n", "F406"),
    ],
)
def test_a_damaged_file_is_refused_with_its_code(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in SMALL
    with pytest.raises(InputError) as caught:
        read_instance(written(tmp_path, SMALL.replace(old, new, 1)))
    assert code in {fault.code for fault in caught.value.faults}


def test_a_file_that_is_not_there_or_no_solution_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="F401"):
        read_instance(tmp_path / "none.vrp")
    with pytest.raises(InputError, match="F402"):
        read_best_known(written(tmp_path, "Route #1: 1 2\n"))
