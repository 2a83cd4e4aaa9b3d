"""Calls of a drill, read from a file or given in the document: one check, the same codes."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.errors import InputError
from scenarios.drill import play, prepared
from scenarios.drill_files import with_calls_read
from scenarios.drill_models import DrillScenario
from tests.scenarios.straight_county import LAT, LONS
from tests.scenarios.test_drill import FIRE, logged, scenario
from tests.scenarios.test_drill_files import DAY, HEAD, codes, county, table, written

ONE = {"at_s": 10.0, "lon": LONS[1], "lat": LAT}
HOURS = [{"hour": hour, "calls_per_h": 0.5} for hour in range(24)]


def given(**read: Any) -> DrillScenario:
    """A drill whose document holds its calls."""
    key = "log" if "log" in read else "rates"
    return scenario(calls={key: "calls.csv", "read": {"file": "calls.csv", "digest": "0", **read}})


@pytest.mark.parametrize(
    ("read", "code"),
    [
        ({"log": [ONE | {"at_s": 1e9}]}, "S468"),
        ({"log": [ONE | {"at_s": 1e300}]}, "S468"),
        ({"log": [ONE | {"at_s": -1.0}]}, "S468"),
        ({"log": [ONE | {"kind": "flood"}]}, "S453"),
        ({"log": [ONE | {"lat": 999}]}, "S454"),
        ({"rates": [one | {"kind": "flood"} for one in HOURS]}, "S453"),
        ({"rates": HOURS[:1]}, "S452"),
        ({"rates": [*HOURS, *HOURS[:1] * 4]}, "S452"),
        ({"rates": []}, "S452"),
        ({"rates": [*HOURS, *(one | {"kind": "fire"} for one in HOURS)]}, "S452"),
        ({"rates": [*HOURS, *(one | {"township": "town"} for one in HOURS)]}, "S452"),
        ({"rates": [one | {"calls_per_h": 1e30} for one in HOURS]}, "S109"),
        ({"rates": [one | {"calls_per_h": 1e6} for one in HOURS]}, "S476"),
    ],
)
def test_calls_in_a_document_are_refused_like_those_of_a_file(read: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        given(**read)
    assert {fault.code for fault in refused.value.faults} == {code}
    assert all("drill.calls" in fault.where for fault in refused.value.faults)


def test_a_log_in_a_document_may_come_in_any_order() -> None:
    calls, _ = play(prepared(county(), given(log=[ONE | {"at_s": 500.0}, ONE])), 0)
    assert calls.at_ds.tolist() == [100, 5000]


def test_calls_that_nobody_has_read_are_refused_before_anything_is_played() -> None:
    with pytest.raises(InputError) as refused:
        prepared(county(), scenario(calls={"rates": "rates.csv"}))
    assert [fault.code for fault in refused.value.faults] == ["S450"]


def test_a_call_in_the_last_moment_is_a_call_of_the_drill(tmp_path: Path) -> None:
    """It is 0.01 s before the end, which rounds to the end."""
    ready = prepared(county(), logged(tmp_path, [("2026-01-09T23:59:59.99", LONS[0])]))
    assert play(ready, 0)[0].at_ds.tolist() == [ready.inputs.problem.horizon_ds - 1]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([HEAD, *DAY[:-1], "23,1e30"], "S451"),
        ([HEAD, *(f"{hour},1000000" for hour in range(24))], "S476"),
        ([f"{HEAD},kind", *(f"{row}," for row in DAY), *(f"{row},fire" for row in DAY)], "S452"),
        ([f"{HEAD},township_id", *(f"{row}," for row in DAY), *(f"{row},town" for row in DAY)], "S452"),
        (["hour,calls_per_h,小时", *(f"{row},5" for row in DAY)], "S450"),
    ],
)
def test_a_table_that_would_count_calls_twice_or_without_end_is_refused(
    lines: list[str], code: str, tmp_path: Path
) -> None:
    assert codes(table(tmp_path, *lines)) == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"length": 0.04}, "S465"),
        ({"length": 0.1, "warm_up": 0.09}, "S465"),
        ({"calls": {"per_day": 5, "hours": [1e308] * 24}}, "S109"),
        ({"calls": {"per_day": 1_000_000}, "length": "30 d"}, "S476"),
    ],
)
def test_numbers_at_the_edge_are_refused_with_a_code(
    changes: dict[str, Any], code: str, tmp_path: Path
) -> None:
    assert code in codes(written(tmp_path, **changes))


def warned(said: DrillScenario) -> dict[str, Any]:
    return {one.code: one for one in prepared(county(), said).inputs.warnings}


def test_kinds_and_townships_that_a_table_leaves_out_are_named(tmp_path: Path) -> None:
    lines = [f"{HEAD},kind,township_id", *(f"{row},fire,town" for row in DAY)]
    (tmp_path / "rates.csv").write_text("\n".join(lines), encoding="utf-8")
    said = scenario(kinds=[FIRE, FIRE | {"id": "rescue"}], calls={"rates": "rates.csv"})
    found = warned(with_calls_read(said, tmp_path, where=str))
    assert found["X423"].records == ("rescue",)
    assert found["X424"].records == ("east",)


def test_calls_far_from_every_road_are_counted_and_the_farthest_is_told() -> None:
    """0.15 degrees of latitude are 16.7 km."""
    far = [ONE | {"lat": LAT + 0.15}, ONE | {"lat": LAT + 0.15}, ONE | {"lat": LAT + 0.1}, ONE]
    found = warned(given(log=far))["X425"]
    assert found.text_en == "3 calls lie over 1 km from every road, the farthest 16.7 km"
    assert found.records[0] == f"{LONS[1]:.5f},{LAT + 0.15:.5f}"
    assert "X425" not in warned(given(log=[ONE]))
    assert np.isfinite(prepared(county(), given(log=far)).inputs.places.off_road_m).all()


def test_columns_without_a_name_are_no_columns_said_twice(tmp_path: Path) -> None:
    assert codes(table(tmp_path, f"{HEAD},,", *(f"{row},," for row in DAY))) == []
