"""Rosters in a drill: what is refused, and what is told."""

import pandas as pd
import pytest

from geo.errors import InputError
from scenarios.drill import prepared
from scenarios.drill_inputs import DrillInputs
from tests.scenarios.straight_county import straight_county
from tests.scenarios.test_drill import scenario


def with_roster(begin: str, end: str) -> DrillInputs:
    row = {"id": "r0", "team_id": "t0", "from": begin, "to": end, "people": 5, "source": "assumed"}
    county = straight_county(rosters=pd.DataFrame([row]))
    return prepared(county, scenario(teams={"rosters": True})).inputs


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2026-01-06T10:00:00", "2026-01-05T08:00:00"),
        ("2026-01-06T10:00:00", "2026-01-06T10:00:00"),
        ("08:00", "24:59"),
        ("08:00", "2026-01-06T08:00:00"),
    ],
)
def test_a_roster_that_ends_before_it_begins_or_at_no_time_is_refused(begin: str, end: str) -> None:
    with pytest.raises(InputError) as refused:
        with_roster(begin, end)
    assert [fault.code for fault in refused.value.faults] == ["S458"]


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        ("2025-01-05T08:00:00", "2025-01-06T08:00:00", True),
        ("2026-01-10T00:00:00", "2026-01-11T08:00:00", True),
        ("2026-01-04T08:00:00", "2026-01-05T08:00:00", False),
        ("20:00", "08:00", False),
        ("00:00", "24:00", False),
    ],
)
def test_a_roster_wholly_before_or_after_the_drill_is_told(begin: str, end: str, told: bool) -> None:
    """The drill runs from 2026-01-05 up to 2026-01-10, 0:00."""
    inputs = with_roster(begin, end)
    named = [one.records for one in inputs.warnings if one.code == "X426"]
    assert named == ([("r0",)] if told else [])
    assert not told or not inputs.problem.fleet.on_duty.any()
