"""Refinement in a dispatch plan: on demand, and where the doctrine wants head counts."""

import json
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError
from geo.region.region import Region
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_plan import dispatch_json
from scenarios.doctrine import Doctrine
from scenarios.files import read_scenario
from scenarios.incident_models import IncidentScenario
from scenarios.report.dispatch_page import dispatch_page
from scenarios.report.page import render
from scenarios.shipped import DATA
from tests.scenarios.incident_county import (
    doctrine,
    incident_county,
    incident_scenario,
    leak,
    sent,
    slot,
    teams,
)
from tests.scenarios.straight_county import LAT, LONS


def crews() -> pd.DataFrame:
    """Two crews in the east: c8 with 4 people is nearer to a fire at v9, c10 has 30."""
    table = teams()
    for name, at, people in (("c10", 10, 30), ("c8", 8, 4)):
        crew = {
            "id": name, "force": "professional", "people": people, "capabilities": "pumping:1", "vehicles": 1,
            "vehicle_class": "truck", "turnout_s": 60 if at == 8 else 61, "lon": LONS[at], "lat": LAT,
            "source": "assumed",
        }  # fmt: skip
        table = pd.concat([table, pd.DataFrame([crew])], ignore_index=True)
    return table


def headcount(people: int) -> Doctrine:
    """One pumping team of any kind, so many people."""
    asked = doctrine(slot("pumping", 1, first=1), hazard="collapse")
    table = asked.model_dump(mode="json")
    table["hazards"]["collapse"]["headcount"] = {"people": {"IV": people}, "source": "drill"}
    return Doctrine.model_validate(table)


HOUSE = {"id": "house", "hazard": "collapse", "level": "IV", "where": {"lon": LONS[8], "lat": LAT}}


@pytest.fixture(scope="module")
def county() -> Region:
    return incident_county(teams=crews())


def test_without_a_wish_nothing_is_refined(county: Region) -> None:
    asked = doctrine(slot("pumping", 1, first=1), hazard="collapse")
    plan = dispatch(county, incident_scenario(HOUSE), doctrine=asked)
    assert plan.refinement is None
    assert sent(plan) == {"c8": "pumping"}


def test_heads_that_the_doctrine_wants_are_counted(county: Region) -> None:
    """The nearer crew alone keeps the worst arrival of the exact plan, so it stays: 6 heads are missing."""
    plan = dispatch(county, incident_scenario(HOUSE), doctrine=headcount(10))
    assert plan.refinement is not None
    (people,) = plan.refinement.people
    assert (people.incident_id, people.wanted, people.sent) == ("house", 10, 4)
    assert plan.refinement.gap == 0
    assert 'id="people-table"' in render(dispatch_page(plan, county))


def test_a_plan_refined_by_heads_sends_the_fuller_crew() -> None:
    """Two crews arrive together: the one with more people goes, the exact plan would take the first."""
    table = crews()
    table.loc[table["id"] == "c10", ["lon", "turnout_s"]] = [LONS[8], 60]
    county = incident_county(teams=table)
    plan = dispatch(county, incident_scenario(HOUSE), doctrine=headcount(10))
    assert sent(plan) == {"c10": "pumping"}
    assert plan.refinement is not None
    assert plan.refinement.exact > plan.refinement.objective == 0
    assert plan.reasons[0].instead == "c8"
    assert plan.cover.trades == ()


def test_shipped_incidents_refined_are_never_worse_and_verified(pingluo: Region, tmp_path: Path) -> None:
    """The same slots filled, the sum at most that of the exact plan, the same bytes twice, verified."""
    scenario = read_scenario(DATA / "incidents" / "leak-and-flood.yaml", IncidentScenario)
    exact, refined = dispatch(pingluo, scenario), dispatch(pingluo, scenario, refine=True)
    assert refined.refinement is not None
    assert refined.refinement.bound <= refined.refinement.objective <= refined.refinement.exact
    assert refined.measures.shortage == exact.measures.shortage
    assert dispatch_json(refined) == dispatch_json(dispatch(pingluo, scenario, refine=True))
    path = tmp_path / "plan.json"
    path.write_text(dispatch_json(refined), encoding="utf-8")
    assert check_dispatch(path, pingluo).holds


@pytest.mark.parametrize(("key", "value"), [("objective", 1.0), ("gap", 0.5), ("bound", 1e9), ("people", [])])
def test_the_check_finds_changed_figures(county: Region, tmp_path: Path, key: str, value: object) -> None:
    plan = dispatch(county, incident_scenario(HOUSE), doctrine=headcount(10))
    content = json.loads(dispatch_json(plan))
    content["refinement"][key] = value
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert {fault.code for fault in check_dispatch(path, county).faults} == {"P109"}


def test_a_plan_in_force_is_not_refined(county: Region) -> None:
    plan = dispatch(county, incident_scenario(leak()))
    with pytest.raises(InputError, match="S220"):
        dispatch(county, incident_scenario(leak()), present=plan, refine=True)


def test_other_questions_are_refined_as_the_plan_is(pingluo: Region) -> None:
    """What if an idle team were missing: nothing changes, also where refining did change the plan."""
    scenario = read_scenario(DATA / "incidents" / "flash-flood.yaml", IncidentScenario)
    plan = dispatch(pingluo, scenario, refine=True)
    assert plan.refinement is not None
    assert plan.refinement.objective < plan.refinement.exact
    idle = next(
        name for name in pingluo.table("teams")["id"] if name not in {t.id for t in plan.decisions.teams}
    )
    (answer,) = dispatch(pingluo, scenario, refine=True, what_ifs=[f"without {idle}"]).what_if
    assert (answer.changes, answer.filled_then) == ((), answer.filled)
