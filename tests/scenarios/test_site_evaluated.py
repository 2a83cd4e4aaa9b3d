"""A drawn siting plan measured without a search: the same figures as the plan file has beside the optimum."""

import pytest

from geo.region.files import read_region
from scenarios.files import read_scenario
from scenarios.plan_drawn import DrawnMeasured
from scenarios.scenario_models import Scenario
from scenarios.shipped import DATA, PINGLUO
from scenarios.site import site
from scenarios.site_evaluated import measure_drawn
from scenarios.siting_rules import Drawn, DrawnPlace

STATION = DrawnPlace(id="drawn-1", lon=106.70, lat=38.85)


def asked(**drawn: object) -> Scenario:
    scenario = read_scenario(DATA / "three-stations.yaml")
    section = scenario.siting.model_copy(update={"drawn": Drawn.model_validate(drawn), "curve_to": 0})
    return scenario.model_copy(update={"siting": section})


@pytest.fixture(scope="module")
def measured() -> DrawnMeasured:
    """One station drawn in Pingluo."""
    return measure_drawn(read_region(PINGLUO), asked(places=[STATION]))


def test_the_figures_are_those_beside_the_optimum(measured: DrawnMeasured) -> None:
    plan = site(read_region(PINGLUO), asked(places=[STATION]))
    assert plan.measures.before == measured.before
    assert plan.further.drawn == measured.drawn


def test_people_gained_on_the_map_are_those_of_the_table(measured: DrawnMeasured) -> None:
    gained = sum(point.people for point in measured.points if point.after and not point.before)
    lost = sum(point.people for point in measured.points if point.before and not point.after)
    before, after = (
        sum(standard.covered for standard in found.standards)
        for found in (measured.before, measured.drawn.measures)
    )
    assert gained > 0
    assert gained - lost == after - before


def test_nothing_drawn_is_what_stands() -> None:
    measured = measure_drawn(read_region(PINGLUO), asked())
    assert measured.drawn.measures == measured.before
    assert all(point.before == point.after for point in measured.points)
