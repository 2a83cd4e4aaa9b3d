"""What the shipped siting scenarios are there to show, and what docs/siting.md says of them."""

from functools import cache
from pathlib import Path

from geo.region.files import read_region
from scenarios.files import read_scenario
from scenarios.plan import SitingPlan
from scenarios.report.siting_page import siting_page
from scenarios.shipped import DATA, PINGLUO
from scenarios.site import site

SITING = " ".join((Path(__file__).parents[2] / "docs" / "siting.md").read_text(encoding="utf-8").split())


@cache
def solved(name: str) -> SitingPlan:
    return site(read_region(PINGLUO), read_scenario(DATA / f"{name}.yaml"))


def opened(name: str) -> set[str]:
    return {one.id for one in solved(name).decisions.open}


def test_stations_that_hold_when_gullies_flood_are_others_than_those_for_every_day() -> None:
    robust = solved("flooded-gullies").further.robust
    assert robust is not None
    assert set(robust.nominal_sites) == opened("three-stations")
    assert opened("three-stations") - opened("flooded-gullies") == {"candidate-chonggang-1"}
    assert opened("flooded-gullies") - opened("three-stations") == {"candidate-yaofu-2"}
    assert f"{robust.price:,} people fewer in time on an ordinary day" in SITING
    assert f"{robust.gain:,.0f} more in the mean of the worst fifth" in SITING


def test_years_tell_the_order_of_the_same_stations() -> None:
    phases = solved("phased-to-2025").further.phases
    assert opened("phased-to-2025") == opened("three-stations")
    order = [next(iter(phase.opened)).split("-")[1].capitalize() for phase in phases]
    assert "{} in 2023, {} in 2024, {} in 2025".format(*order) in SITING
    after = solved("three-stations").measures.after
    assert after is not None
    assert phases[-1].covered == sum(one.covered for one in after.standards)


def test_the_page_names_what_the_plan_for_every_day_would_open_instead() -> None:
    said = repr(siting_page(solved("flooded-gullies"), read_region(PINGLUO)))
    assert "opens Chonggang candidate 1 in place of Yaofu candidate 2" in said
