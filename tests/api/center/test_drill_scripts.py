"""Exercises that come with Muster."""

from dataclasses import replace

from api.drills.shipped_scripts import EXERCISES, scripts_for
from geo.region.files import read_region
from scenarios.shipped import PINGLUO
from tests.api.center.client import made
from tests.api.center.conftest import Center


def test_each_shipped_exercise_fits_the_shipped_region() -> None:
    found = scripts_for(read_region(PINGLUO))
    assert len(found) == len(list(EXERCISES.glob("*.json"))) >= 2
    assert all(one.title_zh and one.title_en for one in found)
    assert len({one.title_en for one in found}) == len(found)


def test_an_exercise_that_names_what_is_not_there_is_left_out() -> None:
    region = read_region(PINGLUO)
    teams = region.tables["teams"]
    poorer = replace(region, tables={**region.tables, "teams": teams[teams["id"] != "crew-hongyazi"]})
    assert len(scripts_for(poorer)) == len(scripts_for(region)) - 1


def test_scripts_are_for_those_who_prepare_and_of_the_region_alone(center: Center) -> None:
    assert made(center.admin.get("/drills/scripts"))["items"] == []
    assert center.clients["viewer"].get("/drills/scripts").status == 403
