"""A whole country from its OpenStreetMap extract to a proven plan, as the documentation shows it."""

from pathlib import Path

import pytest

from geo.region.build import BuildOptions, build_region
from geo.region.region import Region
from scenarios.files import read_scenario
from scenarios.plan import plan_json, read_plan
from scenarios.report.tables import write_plan
from scenarios.site import site
from tests.conftest import ROOT

SCENARIO = ROOT / "scenarios" / "data" / "liechtenstein-two-stations.yaml"
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def liechtenstein(shared_data: Path) -> Region:
    extract = shared_data / "networks" / "liechtenstein-latest.osm.pbf"
    return build_region(BuildOptions(name="liechtenstein", osm=extract, preset="generic")).region


def test_two_more_stations_for_the_country(liechtenstein: Region, tmp_path: Path) -> None:
    """Six stations found and kept, coverage of all buildings at 5, 8 and 10 minutes, two more proven best."""
    plan = site(liechtenstein, read_scenario(SCENARIO))
    assert (plan.status, plan.gap) == ("optimal", 0.0)
    assert (len(plan.decisions.keep), len(plan.decisions.open), len(plan.reasons)) == (6, 2, 2)
    assert len(liechtenstein.placed("demand")) > 8_900
    assert plan.measures.after is not None
    before, after = (
        [limit.covered for limit in m.limits] for m in (plan.measures.before, plan.measures.after)
    )
    assert before == sorted(before)
    assert all(then >= now for now, then in zip(before, after, strict=True))
    assert plan.objective is not None
    assert before[1] < after[1] == plan.objective.value
    main = write_plan(plan, liechtenstein, tmp_path)[0]
    assert read_plan(main) == plan
    assert main.read_text(encoding="utf-8") == plan_json(site(liechtenstein, read_scenario(SCENARIO)))
