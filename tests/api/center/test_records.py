"""Contacts, shifts, units, documents and places: from files, ledgers and hands; what is near."""

import io
from datetime import UTC, datetime, timedelta, timezone

import openpyxl
import pytest

from api.problems import Problem
from api.records.hazards import about
from api.records.keeping import read_sheet
from api.records.shifts import is_shift, on_duty
from tests.api.center.client import made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak
from tests.scenarios.straight_county import LAT, LONS

CST = timezone(timedelta(hours=8))
UNIT = {
    "layer": "units",
    "hazard": "危险化学品事故",
    "unit": "Chemical office",
    "leader": "Li",
    "phone": "555",
}
DOCUMENT = {"layer": "plans", "hazard": "危险化学品事故", "level": "II", "document": "plan.docx"}


def test_a_shift_may_pass_midnight_and_ends_exclusive() -> None:
    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 1, 15, hour, minute, tzinfo=CST).astimezone(UTC)

    night = [
        on_duty("20:00", "08:00", at(hour, minute), CST)
        for hour, minute in ((20, 0), (2, 0), (7, 59), (8, 0))
    ]
    assert night == [True, True, True, False]
    assert [on_duty("08:00", "20:00", at(hour), CST) for hour in (7, 8, 20)] == [False, True, False]
    assert on_duty("2026-01-15 08:00", "2026/01/16 08:00", at(12), CST) is True
    assert on_duty("2026-01-16T08:00", "2026-01-17T08:00", at(12), CST) is False
    assert on_duty("morning", "night", at(12), CST) is None


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("25:99", "08:00"),
        ("20:00", "8"),
        ("24:01", "08:00"),
        ("20:60", "08:00"),
        ("morning", "night"),
        ("20:00", "2026-01-16 08:00"),
        ("2026-01-16 08:00", "2026-01-15 08:00"),
        ("2026-02-30 08:00", "2026-03-01 08:00"),
    ],
)
def test_a_shift_of_which_nobody_can_tell_the_time_is_refused(
    begin: str, end: str, sqlite_center: Center
) -> None:
    """By hand and in a ledger, which is taken whole or not at all."""
    planner = sqlite_center.clients["planner"]
    shift = {"layer": "rosters", "team_id": "t0", "from": begin, "to": end}
    refused = planner.put("/records/rosters/s9", shift)
    assert (refused.status, refused.body["code"]) == (422, "A242")
    header = ("id", "team_id", "from", "to", "source")
    sheet = _ledger(header, ("ok", "t0", "20:00", "08:00", "x"), ("bad", "t0", begin, end, "x"))
    refused = planner.post("/records/rosters/import", sheet)
    assert (refused.status, refused.body["code"]) == (422, "A242"), refused.raw
    assert "bad" in refused.body["faults"][0]["where"]
    assert planner.get("/records/rosters/ok").status == 404


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("20:00", "08:00"),
        ("8:00", "24:00"),
        ("00:00", "00:00"),
        ("08：00", "20:00:00"),
        ("2026-01-15T08:00+08:00", "2026/01/16 08:00"),
    ],
)
def test_times_of_a_shift_that_are_taken(begin: str, end: str) -> None:
    assert is_shift(begin, end)


def test_records_name_hazards_in_their_own_words() -> None:
    assert about("危险化学品事故", "toxic_gas")
    assert about("山洪、黄河洪水", "gully_flood")
    assert about("", "collapse"), "a record that names none is about all"
    assert about("突发事件总体应急预案", "ice_jam")
    assert not about("森林草原火灾", "toxic_gas")


def test_what_was_written_here_is_read_changed_and_removed(center: Center) -> None:
    """The desk's word holds until it is removed; contacts are not for everybody."""
    planner, viewer = center.clients["planner"], center.clients["viewer"]
    contact = {
        "layer": "contacts",
        "unit": "Water office",
        "leader": "Wang",
        "duty_phone": "555-1",
        "channel": "370.125",
    }
    path = "/records/contacts/water"
    shown = made(planner.put(path, contact))
    assert (shown["origin"], shown["values"]["channel"]) == ("desk", "370.125")
    made(planner.put(path, contact | {"duty_phone": "555-2"}))
    assert made(planner.get(path))["values"]["duty_phone"] == "555-2"
    assert viewer.get(path).status == viewer.get("/records/contacts").status == 403
    assert viewer.get("/records/plans").status == 200
    assert planner.put("/records/units/water", contact).body["code"] == "A128"
    shift = {"layer": "rosters", "team_id": "ghost", "from": "00:00", "to": "00:00"}
    assert planner.put("/records/rosters/s1", shift).body["code"] == "A128"
    assert made(planner.put("/records/rosters/s1", shift | {"team_id": "t0"}))["on_duty"] is True
    assert [one["id"] for one in made(planner.get("/records/rosters?team_id=t0"))["items"]] == ["s1"]
    made(planner.delete(path))
    assert planner.get(path).status == 404
    assert planner.delete(path).status == 404


def _ledger(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_ledger_with_chinese_headers_is_taken_whole_or_not_at_all(center: Center) -> None:
    planner = center.clients["planner"]
    header = ("编号", "单位", "负责人", "值班电话", "频道", "来源")
    one, two = (
        ("c-1", "水务局", "王", "0952-1", "370.1", "台账"),
        ("c-2", "住建局", "李", "0952-2", "", "台账"),
    )
    sheet = _ledger(header, one, two)
    taken = made(planner.post("/records/contacts/import", sheet))
    assert (taken["written"], taken["same"]) == (["c-1", "c-2"], [])
    again = made(planner.post("/records/contacts/import", sheet))
    assert (again["written"], again["same"]) == ([], ["c-1", "c-2"])
    assert made(planner.get("/records/contacts/c-1"))["values"]["duty_phone"] == "0952-1"
    shifts = _ledger(
        ("编号", "队伍", "起", "止", "来源"),
        ("r-1", "t0", "08:00", "20:00", "台账"),
        ("r-2", "ghost", "08:00", "20:00", "x"),
    )
    assert planner.post("/records/rosters/import", shifts).body["code"] == "A128"
    assert planner.get("/records/rosters/r-1").status == 404, "all or none"
    assert planner.post("/records/contacts/import", b"PK\x03\x04 broken").body["code"] == "F103"
    assert planner.post("/records/contacts/import", b"{}").status == 415
    lacking = _ledger(("编号", "负责人"), ("c-9", "王"))
    assert planner.post("/records/contacts/import", lacking).status == 422


UNKEPT = {
    "an id longer than an address names": (("c" * 201, "水务局", ""), 1),
    "an id with a slash": (("a/b", "水务局", ""), 1),
    "words that fill no line": (("long", "水" * 501, ""), 1),
    "more records than one write takes": (("k", "水务局", ""), 2_001),
}


@pytest.mark.parametrize("kind", UNKEPT)
def test_a_ledger_that_cannot_be_kept_is_refused_by_name(kind: str) -> None:
    (name, unit, leader), count = UNKEPT[kind]
    rows = [(f"{name}{n or ''}", unit, leader, "台账") for n in range(count)]
    with pytest.raises(Problem) as refused:
        read_sheet("contacts", _ledger(("编号", "单位", "负责人", "来源"), *rows))
    assert refused.value.code == "A234"


def test_as_many_records_as_are_allowed_are_taken() -> None:
    """Limits are inclusive: of records, of ids, of words."""
    rows = [(f"k{n:0199d}", "水" * 500, "", "台账") for n in range(2_000)]
    assert len(read_sheet("contacts", _ledger(("编号", "单位", "负责人", "来源"), *rows))) == 2_000


def test_around_an_incident_is_what_is_near_and_no_more(center: Center) -> None:
    """Every list the nearest first, nothing beyond the radius, phones for those who call."""
    planner, viewer = center.clients["planner"], center.clients["viewer"]
    made(planner.put("/records/units/chem", UNIT))
    made(planner.put("/records/units/far", UNIT | {"place_id": "nowhere-near"}))
    made(planner.put("/records/plans/chem", DOCUMENT))
    made(planner.put("/records/plans/flood", DOCUMENT | {"hazard": "山洪"}))
    incident = made(center.admin.post("/incidents", leak()))["id"]
    near = made(planner.get(f"/incidents/{incident}/around?radius_m=3000"))
    assert [one["id"] for one in near["responsible_units"] if one["id"] in ("chem", "far")] == ["chem"]
    assert [one["id"] for one in near["plan_documents"]] == ["chem"]
    for key in ("key_targets", "materials", "vehicles"):
        away = [one["distance_m"] for one in near[key]]
        assert away == sorted(away)
        assert all(metres <= 3000 for metres in away)
    assert "wet" in [one["id"] for one in near["key_targets"]], "the shelter at the same village"
    teams = made(planner.get("/teams"))["features"]
    wide = made(planner.get(f"/incidents/{incident}/around?radius_m=200000"))
    assert len(wide["vehicles"]) == sum(team["geometry"] is not None for team in teams)
    depots = {one["id"]: one for one in wide["materials"]}
    assert set(depots) == {"store", "far"}
    assert {row["item_id"] for row in depots["store"]["stock"]} >= {"mat"}
    assert wide["people"]["people"] >= near["people"]["people"] > 0
    assert {
        one["phone"] for one in made(viewer.get(f"/incidents/{incident}/around"))["responsible_units"]
    } == {None}
    assert near["responsible_units"][0]["phone"] == "555"
    assert planner.get(f"/incidents/{incident}/around?radius_m=0").status == 422


def test_zones_of_all_open_incidents_stand_in_one_layer(center: Center) -> None:
    admin = center.admin
    names = [made(admin.post("/incidents", leak(where={"lon": LONS[k], "lat": LAT})))["id"] for k in (3, 7)]
    for name in names:
        made(admin.post(f"/incidents/{name}/plan"))
    zones = made(admin.get("/zones"))["features"]
    assert {zone["properties"]["incident_id"] for zone in zones} == set(names)
    made(admin.post(f"/incidents/{names[0]}/close"))
    assert {z["properties"]["incident_id"] for z in made(admin.get("/zones"))["features"]} == {names[1]}


def test_a_record_without_coordinates_is_placed_and_stays_placed(center: Center) -> None:
    """Only such records; far places are refused; the audit says who did it."""
    planner = center.clients["planner"]
    waiting = {one["id"]: one for one in made(planner.get("/places"))["features"]}
    assert waiting["lost-team"]["properties"]["layer"] == "teams"
    path = "/places/lost-team/position"
    assert planner.put(path, {"layer": "teams", "lon": 10.0, "lat": 50.0}).body["code"] == "A237"
    assert (
        planner.put("/places/t0/position", {"layer": "teams", "lon": 106.5, "lat": LAT}).body["code"]
        == "A236"
    )
    assert planner.put("/places/ghost/position", {"layer": "teams", "lon": 106.5, "lat": LAT}).status == 404
    assert planner.put(path, {"layer": "roads", "lon": 106.5, "lat": LAT}).body["code"] == "A128"
    for lon in (LONS[2], LONS[3]):
        placed = made(planner.put(path, {"layer": "teams", "lon": lon, "lat": LAT}))
        assert placed["geometry"]["coordinates"] == [pytest.approx(lon), LAT]
        assert made(planner.get("/teams/lost-team"))["geometry"]["coordinates"][0] == pytest.approx(lon)
    assert [one["id"] for one in made(planner.get("/places?placed=true"))["features"]] == ["lost-team"]
    rows = made(center.admin.get("/audit?subject=lost-team"))["items"]
    assert [row["action"] for row in rows] == ["place.placed"] * 2
    incident = made(center.admin.post("/incidents", collapse()))["id"]
    wide = made(planner.get(f"/incidents/{incident}/around?radius_m=100000"))["vehicles"]
    assert "lost-team" in [team["id"] for team in wide]
