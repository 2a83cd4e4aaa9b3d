"""Where teams wait: the nearest junction, never in the way of the cloud."""

import numpy as np
import pytest

from geo.region.region import Region
from scenarios.doctrine import StagingRule
from scenarios.region_travel import region_roads, region_travel
from scenarios.staging import Staging, Wanted, staging_areas
from tests.scenarios.incident_county import incident_county
from tests.scenarios.straight_county import LAT, LONS


@pytest.fixture(scope="module")
def county() -> Region:
    return incident_county()


def _waiting(county: Region, downwind_deg: float | None, off_deg: float | None = 60.0) -> Staging | None:
    """For an incident 260 m east of v5 and 606 m west of v6, and teams at both ends of the road."""
    rule = StagingRule(margin_m=100, at_most_m=2_000, off_downwind_deg=off_deg, source="test")
    (found,) = staging_areas(
        region_roads(county),
        {"fire_engine": region_travel(county, "fire_engine")},
        [("fire_engine", LONS[0], LAT), ("fire_engine", LONS[10], LAT)],
        wanted=[Wanted(lonlat=np.array([LONS[5] + 0.003, LAT]), downwind_deg=downwind_deg, rule=rule)],
        zones=[],
    )
    return found


@pytest.mark.parametrize(("downwind_deg", "place"), [(None, 5), (90.0, 5), (270.0, 6), (225.0, 6)])
def test_teams_wait_at_the_nearest_junction_that_the_cloud_does_not_go_to(
    county: Region, downwind_deg: float | None, place: int
) -> None:
    found = _waiting(county, downwind_deg)
    assert found is not None
    assert found.lon == pytest.approx(LONS[place])
    assert found.side == ("any" if downwind_deg is None else "upwind")
    assert found.reached_by == 2


def test_a_rule_without_an_angle_minds_no_wind(county: Region) -> None:
    """The nearest junction, though the cloud goes right there."""
    found = _waiting(county, 270.0, off_deg=None)
    assert found is not None
    assert found.lon == pytest.approx(LONS[5])
    assert found.off_downwind_deg == pytest.approx(0.0, abs=0.1)


def test_where_the_cloud_takes_every_junction_nobody_waits(county: Region) -> None:
    """No junction of a road that runs east and west is 120 degrees off both ways of a cloud to the south."""
    assert _waiting(county, 180.0, off_deg=120.0) is None
