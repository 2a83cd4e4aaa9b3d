"""Alerts in and out: refused by name, followed through update and cancel, given out as valid chains."""

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cap.reading import MOST_BYTES, NAMESPACE, read_alert
from geo.errors import InputError
from tests.api.center.client import Client, Reply, made
from tests.api.center.conftest import Center
from tests.api.center.county import leak
from tests.scenarios.straight_county import LAT, LONS

SENT = "2026-01-15T02:10:00+08:00"
CIRCLE = f"<circle>{LAT},{LONS[5]} 0.5</circle>"


def box(west: float, east: float, half: float = 0.004) -> str:
    """A polygon as CAP writes it: latitude before longitude."""
    corners = [
        (LAT - half, west),
        (LAT - half, east),
        (LAT + half, east),
        (LAT + half, west),
        (LAT - half, west),
    ]
    return f"<polygon>{' '.join(f'{lat:.6f},{lon:.6f}' for lat, lon in corners)}</polygon>"


def message(
    name: str,
    kind: str = "Alert",
    *,
    area: str = CIRCLE,
    event: str = "chlorine release",
    references: str = "",
    status: str = "Actual",
    severity: str = "Severe",
    more: str = "",
    info: bool = True,
) -> str:
    """A message of the weather service."""
    refers = f"<references>{references}</references>" if references else ""
    said = (
        f"<info><category>CBRNE</category><event>{event}</event><responseType>Evacuate</responseType>"
        f"<urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>"
        f"<headline>{event}</headline>{more}<area><areaDesc>here</areaDesc>{area}</area></info>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><alert xmlns="{NAMESPACE}"><identifier>{name}</identifier>'
        f"<sender>weather@example.org</sender><sent>{SENT}</sent><status>{status}</status>"
        f"<msgType>{kind}</msgType><scope>Public</scope>{refers}{said if info else ''}</alert>"
    )


def refers_to(name: str) -> str:
    return f"weather@example.org,{name},{SENT}"


def send(client: Client, text: str | bytes) -> Reply:
    body = text.encode() if isinstance(text, str) else text
    return client.ask("POST", "/cap", body, {"Content-Type": "application/cap+xml"})


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "&{chr(97 + i)};&{chr(97 + i)};">' for i in range(20))
    + "]><a>&u;</a>"
)
GOOD = message("m")
UNREADABLE = {
    "no XML": "hello",
    "nothing": "",
    "an entity bomb": BOMB,
    "an external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "a document type alone": GOOD.replace(
        "<alert", '<!DOCTYPE alert SYSTEM "http://example.org/x.dtd"><alert'
    ),
    "an entity nobody declared": GOOD.replace("here", "&passwd;"),
    "another encoding": GOOD.replace("UTF-8", "GB18030"),
    "half of it": GOOD[: len(GOOD) // 2],
    "too deep": "<a>" * 5_000 + "</a>" * 5_000,
    "too large": GOOD.replace("here", "x" * MOST_BYTES),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_could_reach_elsewhere_is_not_read(name: str) -> None:
    """Refused at once, by one code; no file is opened, nothing unfolds."""
    begun = time.process_time()
    with pytest.raises(InputError, match="A250"):
        read_alert(UNREADABLE[name].encode())
    assert time.process_time() - begun < 2
    with pytest.raises(InputError, match="A250"):
        read_alert(GOOD.encode("utf-16"))


NO_CAP = {
    "another namespace": GOOD.replace("cap:1.2", "cap:1.1"),
    "an unknown element": GOOD.replace("<scope>", "<colour>red</colour><scope>"),
    "a status nobody knows": GOOD.replace("Actual", "Maybe"),
    "a kind nobody knows": GOOD.replace("<msgType>Alert", "<msgType>Rumour"),
    "a time in UTC by letter": GOOD.replace(SENT, "2026-01-15T02:10:00Z"),
    "a time without zone": GOOD.replace(SENT, "2026-01-15T02:10:00"),
    "no identifier": GOOD.replace("<identifier>m</identifier>", ""),
    "an identifier with a comma": GOOD.replace(">m<", ">m,n<"),
    "an identifier of a page": GOOD.replace(">m<", f">{'m' * 201}<"),
    "the year one": GOOD.replace(SENT, "0001-01-01T00:00:00+08:00"),
    "the hour twenty-four": GOOD.replace(SENT, "2026-01-15T24:00:00+08:00"),
    "no sender": GOOD.replace("<sender>weather@example.org</sender>", ""),
    "no scope": GOOD.replace("<scope>Public</scope>", ""),
    "the wrong order": GOOD.replace("<scope>Public</scope>", "").replace(
        "<status>", "<scope>Public</scope><status>"
    ),
    "no category": GOOD.replace("<category>CBRNE</category>", ""),
    "a category nobody knows": GOOD.replace("CBRNE", "Weather"),
    "no severity": GOOD.replace("<severity>Severe</severity>", ""),
    "two urgencies": GOOD.replace("<urgency>", "<urgency>Future</urgency><urgency>"),
    "an area without words": GOOD.replace("<areaDesc>here</areaDesc>", ""),
    "a response nobody knows": GOOD.replace("<responseType>Evacuate", "<responseType>Run"),
}


@pytest.mark.parametrize("name", NO_CAP)
def test_what_is_no_cap_is_refused_with_its_line(name: str) -> None:
    with pytest.raises(InputError) as refused:
        read_alert(NO_CAP[name].encode())
    assert {fault.code for fault in refused.value.faults} == {"A251"}
    assert refused.value.faults[0].where.startswith("line ")


def _blades(number: int) -> str:
    """A blade from west to east and one from south to north, each thinner than their distance."""
    low, wide = number / 10_000, number / 10_000 + 0.00005
    east = [(low, 0), (low, 1), (wide, 1), (low, 0)]
    north = [place[::-1] for place in east]
    outlines = (" ".join(f"{38 + y:.5f},{106 + x:.5f}" for y, x in one) for one in (east, north))
    return "".join(f"<polygon>{outline}</polygon>" for outline in outlines)


CROOKED = {
    "an open polygon": "<polygon>38,106 38,107 39,107 39,106</polygon>",
    "three points": "<polygon>38,106 38,107 38,106</polygon>",
    "a bow": "<polygon>38,106 39,107 38,107 39,106 38,106</polygon>",
    "degrees beyond the earth": "<polygon>98,106 38,107 39,107 98,106</polygon>",
    "words": "<polygon>north south east north</polygon>",
    "a circle without radius": "<circle>38,106</circle>",
    "no number": "<circle>38,106 nan</circle>",
    "the whole earth": "<circle>38,106 20000</circle>",
    "a negative position": "<circle>38;106 1</circle>",
    "too many circles": "<circle>38,106 1</circle>" * 200,
    "circles over the 180th meridian": "<circle>0,180 1000</circle><circle>0,-180 900</circle>",
    "a circle around a pole": "<circle>85,0 1000</circle>",
    "blades that cross a million times": "".join(map(_blades, range(1_200))),
    "blades that make more corners than they have": "".join(map(_blades, range(90))),
}


@pytest.mark.parametrize("name", CROOKED)
def test_an_area_that_cannot_be_used_is_refused(name: str) -> None:
    """At once: no message makes the server draw for minutes while others wait."""
    begun = time.process_time()
    with pytest.raises(InputError, match="A252"):
        read_alert(message("m", area=CROOKED[name]).encode())
    assert time.process_time() - begun < 3


def test_areas_that_touch_and_overlap_are_one() -> None:
    """Many circles along a track, as a storm is drawn, are united."""
    track = "".join(f"<circle>{38 + step / 50:.2f},106 5</circle>" for step in range(150))
    found = read_alert(message("m", area=track).encode()).info
    assert found is not None
    assert found.area is not None
    assert found.area.geom_type == "Polygon"


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_damaged_message_is_refused_or_read_and_nothing_else(data: st.DataObject) -> None:
    """Bytes cut out, put in, turned round: a coded refusal or an alert, never a crash."""
    text = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text) - 1))
        match data.draw(st.sampled_from(("cut", "put", "turn"))):
            case "cut":
                del text[at : at + data.draw(st.integers(1, 40))]
            case "put":
                text[at:at] = data.draw(st.binary(max_size=12))
            case _:
                text[at] ^= 1 << data.draw(st.integers(0, 7))
        if not text:
            return
    codes = {"A250"}
    try:
        read_alert(bytes(text))
    except InputError as refused:
        codes = {fault.code for fault in refused.faults}
    assert codes <= {"A250", "A251", "A252"}


def test_an_alert_becomes_an_incident_with_its_area_as_zone(center: Center) -> None:
    """A circle becomes the distance; severity the level; an update changes it, a cancel ends it."""
    dispatcher = center.clients["dispatcher"]
    first = f"one-{center.database[-6:]}"
    reply = send(dispatcher, message(first))
    taken = made(reply)
    assert (reply.status, taken["outcome"]) == (201, "reported")
    again = send(dispatcher, message(first))
    assert (again.status, again.body["id"]) == (200, taken["id"]), "the same message twice is one alert"
    assert send(dispatcher, message(first, severity="Minor")).body["code"] == "A255"
    incident = made(dispatcher.get(f"/incidents/{taken['incident_id']}"))
    shown = incident["properties"]
    assert (shown["hazard"], shown["level"], shown["name_en"]) == ("toxic_gas", "II", "chlorine release")
    assert incident["geometry"]["coordinates"] == [
        pytest.approx(LONS[5], abs=1e-4),
        pytest.approx(LAT, abs=1e-4),
    ]
    assert shown["report"]["distances"]["isolate_m"] == pytest.approx(500, rel=0.01)
    zones = made(dispatcher.get(f"/incidents/{incident['id']}/zones"))["features"]
    assert [(zone["properties"]["kind"], zone["properties"]["closes_roads"]) for zone in zones] == [
        ("alert", True)
    ]
    made(dispatcher.post(f"/incidents/{incident['id']}/plan"))
    kinds = {
        z["properties"]["kind"]
        for z in made(dispatcher.get(f"/incidents/{incident['id']}/zones"))["features"]
    }
    assert kinds == {"alert", "isolation"}, "plans draw beside it"

    def update(name: str, before: str, **changes: Any) -> Any:
        return made(send(dispatcher, message(name, "Update", references=refers_to(before), **changes)))

    assert update(f"{first}-u", first, severity="Extreme")["outcome"] == "updated"
    after = made(dispatcher.get(f"/incidents/{incident['id']}"))["properties"]
    assert (after["level"], after["version"]) == ("I", 2)
    assert after["report"]["distances"] == shown["report"]["distances"], "the area is the same"
    update(f"{first}-v", f"{first}-u", area=box(LONS[6], LONS[7]))
    moved = made(dispatcher.get(f"/incidents/{incident['id']}"))
    assert moved["geometry"]["coordinates"][0] == pytest.approx((LONS[6] + LONS[7]) / 2, abs=1e-4)
    cancel = message(f"{first}-c", "Cancel", references=refers_to(f"{first}-v"), info=False)
    assert made(send(dispatcher, cancel))["outcome"] == "cancelled"
    assert made(dispatcher.get(f"/incidents/{incident['id']}"))["properties"]["ended_as"] == "cancelled"
    assert update(f"{first}-w", f"{first}-v")["outcome"] == "noted", "it is over"
    lines = made(dispatcher.get(f"/incidents/{incident['id']}/log"))["lines"]
    assert sum("Alert taken in" in line["text_en"] for line in lines) == 5


def test_a_flood_becomes_water_and_people_keep_what_is_theirs(center: Center) -> None:
    """Depth by parameter; a cancel does not end an incident that people work on."""
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    name = f"flood-{center.database[-6:]}"
    depth = "<parameter><valueName>depth_m</valueName><value>0.8</value></parameter>"
    taken = made(
        send(
            dispatcher,
            message(name, area=box(LONS[3], LONS[4]), event="山洪红色预警", more=depth, severity="Extreme"),
        )
    )
    shown = made(dispatcher.get(f"/incidents/{taken['incident_id']}"))["properties"]
    assert (shown["hazard"], shown["level"], shown["name_zh"]) == ("gully_flood", "I", "山洪红色预警")
    assert shown["report"]["water"][0]["depth_m"] == 0.8
    made(approver.post(f"/incidents/{taken['incident_id']}/response", {"level": "II"}))
    cancel = message(f"{name}-c", "Cancel", references=refers_to(name), info=False)
    assert made(send(dispatcher, cancel))["outcome"] == "noted"
    assert made(dispatcher.get(f"/incidents/{taken['incident_id']}"))["properties"]["status"] == "open"
    assert made(dispatcher.get(f"/incidents/{taken['incident_id']}/zones"))["features"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "Test"},
        {"status": "Exercise"},
        {"event": "heat wave"},
        {"area": "<circle>10,10 5</circle>"},
        {"kind": "Ack"},
    ],
)
def test_what_is_not_for_us_is_kept_and_changes_nothing(
    sqlite_center: Center, changes: dict[str, str]
) -> None:
    dispatcher = sqlite_center.clients["dispatcher"]
    taken = made(send(dispatcher, message(f"n-{'-'.join(changes)}-{len(str(changes))}", **changes)))  # type: ignore[arg-type]  # texts alone
    assert (taken["outcome"], taken["incident_id"]) == ("noted", None)
    assert made(dispatcher.get("/incidents?status=open"))["features"] == []


def test_an_alert_that_ends_before_it_begins_holds_up_no_plan(sqlite_center: Center) -> None:
    """Its area is drawn without times: zones of one incident close roads to the plans of all others."""
    admin = sqlite_center.admin
    times = f"<onset>2030{SENT[4:]}</onset><expires>{SENT}</expires>"
    said = message("backwards", event="flash flood").replace("<headline>", f"{times}<headline>")
    taken = made(send(admin, said))
    zone = made(admin.get(f"/incidents/{taken['incident_id']}/zones"))["features"][0]["properties"]
    assert (zone["closes_roads"], zone["valid_from"], zone["valid_to"]) == (True, None, None)
    other = made(admin.post("/incidents", leak()))["id"]
    made(admin.post(f"/incidents/{other}/plan"))


def test_the_same_message_again_is_an_answer_that_is_declared(sqlite_center: Center) -> None:
    """200 in the place of 201, and the OpenAPI document says so."""
    admin = sqlite_center.admin
    first, again = (send(admin, message("twice")) for _ in range(2))
    assert (first.status, again.status) == (201, 200)
    assert first.body["id"] == again.body["id"]
    declared = made(admin.get("/openapi.json"))["paths"]["/cap"]["post"]["responses"]
    assert declared["200"]["content"] == declared["201"]["content"]


def test_no_area_and_no_rights_are_refused(sqlite_center: Center) -> None:
    assert send(sqlite_center.clients["viewer"], GOOD).status == 403
    dispatcher = sqlite_center.clients["dispatcher"]
    assert send(dispatcher, message("no-area", area="")).body["code"] == "A253"
    refused = send(dispatcher, BOMB)
    assert (refused.status, refused.body["code"]) == (422, "A250")


def test_alerts_given_out_are_valid_chains(center: Center) -> None:
    """A draft before the first; then Alert, Update, Cancel, each naming those before."""
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    incident = made(dispatcher.post("/incidents", leak(name_zh="氯气 <泄漏>", level="II")))["id"]
    path = f"/incidents/{incident}/cap"
    assert dispatcher.get(path).body["code"] == "A257"
    made(dispatcher.post(f"/incidents/{incident}/plan"))
    draft = dispatcher.get(path)
    assert draft.headers["content-type"] == "application/cap+xml"
    assert read_alert(draft.raw).status == "Draft"
    assert dispatcher.post(path).status == 403
    for kind in ("Alert", "Update"):
        given = made(approver.post(path, {}, Idempotency_Key=f"{incident}-{kind}"))
        assert given == made(approver.post(path, {}, Idempotency_Key=f"{incident}-{kind}"))
        assert given["msg_type"] == kind
    newest = read_alert(dispatcher.get(path).raw)
    assert (newest.status, newest.msg_type, len(newest.references)) == ("Actual", "Update", 1)
    zone = made(dispatcher.get(f"/incidents/{incident}/zones"))["features"][0]["geometry"]
    drawn = newest.infos[0].area
    assert drawn is not None
    assert drawn.bounds == pytest.approx(_bounds(zone["coordinates"][0]), abs=1e-4)
    assert [(info.language, info.severity) for info in newest.infos] == [
        ("zh-CN", "Severe"),
        ("en-US", "Severe"),
    ]
    made(dispatcher.post(f"/incidents/{incident}/close"))
    assert made(approver.post(path))["msg_type"] == "Cancel"
    cancel = dispatcher.get(path).raw
    assert len(read_alert(cancel).references) == 2
    assert approver.post(path).body["code"] == "A256"
    listed = made(dispatcher.get(f"/alerts?incident_id={incident}"))["items"]
    assert [one["msg_type"] for one in listed] == ["Alert", "Update", "Cancel"]
    assert dispatcher.get(f"/alerts/{listed[-1]['id']}/xml").raw == cancel
    assert re.search(rb"<references>[^<]+ [^<]+</references>", cancel)


def _bounds(ring: list[list[float]]) -> tuple[float, float, float, float]:
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    return min(lons), min(lats), max(lons), max(lats)
