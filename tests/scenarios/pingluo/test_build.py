"""The shipped region is what the builder makes from the public data and the facts."""

from pathlib import Path

import pytest

from scenarios.pingluo.build import build_region
from scenarios.pingluo.plane import to_plane
from scenarios.pingluo.river import read_river
from scenarios.pingluo.sources import facts, read_sources
from scenarios.pingluo.times import shipped_region


@pytest.mark.data
def test_the_shipped_region_is_built_again_the_same(shared_data: Path) -> None:
    assert build_region(shared_data / "pingluo").digest() == shipped_region().digest()


@pytest.mark.data
def test_the_seats_in_the_facts_are_those_of_the_source(shared_data: Path) -> None:
    sources = read_sources(shared_data / "pingluo")
    told = facts("townships")
    for record in [*told["townships"], *told["farms"]]:
        assert record["seat"] == pytest.approx(sources.seats[record["name_zh"]], abs=6e-6)


@pytest.mark.data
def test_the_river_puts_each_seat_on_the_bank_of_the_facts(shared_data: Path) -> None:
    river = read_river(read_sources(shared_data / "pingluo"))
    for record in facts("townships")["townships"]:
        assert river.bank(to_plane(record["seat"])) == record["bank"]
