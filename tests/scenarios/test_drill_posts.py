"""Posts chosen in a drill: homes and fire stations, by the class and turnout of each team."""

from typing import Any

import numpy as np
import pandas as pd

from geo.region.region import Region
from scenarios.doctrine import shipped_doctrine
from scenarios.drill import prepared
from scenarios.drill_models import DrillScenario
from scenarios.drill_posts import Posts
from tests.scenarios.straight_county import LAT, LONS, stations, straight_county
from tests.scenarios.test_drill import FIRE, scenario

MEDICAL = {
    "id": "medical", "teams": [{"capability": "medical"}], "within": "5 min", "on_scene": "30 min",
    "hospital": {"share": 0.5, "handover": "20 min"},
}  # fmt: skip


def team(name: str, at: int, turnout_s: int = 0, does: str = "fire:2") -> dict[str, Any]:
    return {
        "id": name, "source": "test", "station_id": "s0", "force": "fire_rescue", "people": 9,
        "capabilities": does, "turnout_s": turnout_s, "lon": LONS[at], "lat": LAT,
    }  # fmt: skip


def county(*teams: dict[str, Any]) -> Region:
    """Stations at v0 and v8 (where only a medical team lives) and a hospital at v5."""
    hospital = {"id": "h5", "source": "test", "name_zh": "医院", "lon": LONS[5], "lat": LAT}
    standing = stations()
    standing.loc[standing["id"] == "c8", "status"] = "existing"
    return straight_county(teams=pd.DataFrame(teams), stations=standing, hospitals=pd.DataFrame([hospital]))


def moving(**changes: Any) -> DrillScenario:
    return scenario(
        engine="exact",
        move_up={"policy": "optimised"},
        kinds=[FIRE | {"within": "4 min"}, MEDICAL],
        **changes,
    )


def asked(region: Region, said: DrillScenario) -> Posts:
    return Posts(prepared(region, said).inputs, said, shipped_doctrine())


def test_posts_are_homes_and_existing_fire_stations_and_no_hospital() -> None:
    found = asked(county(team("t0", 0), team("m8", 8, does="medical:2")), moving())
    assert found.inputs.nodes[found.posts, 0].tolist() == [LONS[0], LONS[8]]


def test_a_kind_that_the_capability_does_not_serve_sets_no_limit() -> None:
    """Fire is due within 4 minutes, the medical call within 5; with fire due within 20 it is 20."""
    region = county(team("t0", 0), team("m8", 8, does="medical:2"))
    assert asked(region, moving()).limit_s == 240
    said = scenario(engine="exact", move_up={"policy": "optimised"}, kinds=[FIRE, MEDICAL])
    assert asked(region, said).limit_s == 1200


def test_one_of_two_teams_at_a_station_goes_to_the_empty_one() -> None:
    found = asked(county(team("t0", 0), team("t1", 0), team("m8", 8, does="medical:2")), moving())
    post = found.answered(0, np.array([0, 1]))
    assert sorted(found.inputs.nodes[post[:2], 0].tolist()) == [LONS[0], LONS[8]]


def test_the_team_that_leaves_at_once_is_moved_not_the_one_that_takes_longer_than_the_limit() -> None:
    """The slow one of two needs 10 minutes to leave: wherever it stands, it covers nobody in 4."""
    region = county(team("slow", 0, 600), team("quick", 0), team("m8", 8, does="medical:2"))
    found = asked(region, moving())
    alone = found.answered(0, np.array([0]))
    assert alone[0] == found.inputs.problem.fleet.home[0]
    cover = found._covered(0).zones
    slow, quick = found.column[0], found.column[1]
    assert np.isinf(cover.response_s[:, slow]).all()
    assert np.isfinite(cover.response_s[:, quick]).any()
