"""The live feed: everything that changes is told once, in order, to whoever listens, also after a break."""

import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from api.event_stream import message
from api.feed_events import FACTS, NOUNS, event_of
from api.store.engine import Store, open_engine, store_url
from api.store.job_tables import EventRow
from tests.api.center.client import Client, Message, made, messages, within
from tests.api.center.conftest import Center
from tests.api.center.county import collapse
from tests.api.center.running import end, serving, start
from tests.scenarios.straight_county import LAT, LONS

NOON = datetime(2026, 7, 1, 12, 0, 0, 0, UTC)


def _story(client: Client) -> list[tuple[str, str]]:
    """Something happens of every kind; what the feed must say of it, in order."""
    fire = made(client.post("/incidents", collapse()))["id"]
    plan = made(client.post(f"/incidents/{fire}/plan"))["id"]
    done = made(client.post(f"/plans/{plan}/commit"))
    order = done["orders"][0]
    made(client.post(f"/teams/{order['team_id']}/status", {"status": "en_route"}))
    seen = {"team_id": order["team_id"], "lon": LONS[1], "lat": LAT, "at": datetime.now(UTC).isoformat()}
    made(client.post("/teams/positions", {"positions": [seen]}))
    closure = made(client.post("/closures", {"road_ids": ["r9"], "reason": "bridge"}))["id"]
    made(client.post(f"/closures/{closure}/lift"))
    made(client.post("/stock/movements", {"kind": "in", "depot_id": "far", "item_id": "mat", "quantity": 1}))
    made(client.post("/keys", {"name": "secret", "role": "viewer"}))
    for one in done["orders"]:
        made(client.post(f"/orders/{one['id']}/complete"))
    made(client.post(f"/incidents/{fire}/close"))
    return [
        ("incident", "reported"),
        ("plan", "proposed"),
        ("plan", "committed"),
        ("team", "status"),
        ("position", "positions"),
        ("closure", "reported"),
        ("closure", "lifted"),
        ("stock", "moved"),
        *[("order", "completed")] * len(done["orders"]),
        ("plan", "ended"),
        ("incident", "closed"),
    ]


def _take(client: Client, count: int, **headers: str) -> list[Message]:
    """The first messages of a stream."""
    with client.listening("/events", **headers) as answer:
        assert answer.status == 200
        stream = messages(answer)
        return [next(stream) for _ in range(count)]


def test_who_listens_hears_all_and_who_comes_back_misses_nothing(center: Center) -> None:
    """Live and read again from the store the events are the same bytes, in order, keys never among them."""
    viewer = center.clients["viewer"]
    heard: list[Message] = []
    with viewer.listening("/events") as answer:
        stream = messages(answer)
        hello = next(stream)
        assert hello.event == "hello"
        wanted = _story(center.admin)
        heard = [next(stream) for _ in wanted]
    assert [(one.event, one.data["what"]) for one in heard] == wanted
    numbers = [one.number or 0 for one in heard]
    assert numbers == sorted(set(numbers)) == [one.data["number"] for one in heard]
    again = _take(viewer, len(wanted) + 1, Last_Event_ID=str(hello.number))
    assert again[1:] == heard
    middle = _take(viewer, 3, Last_Event_ID=str(numbers[2]))
    assert middle[1:] == heard[3:5]
    commit = heard[2].data["facts"]
    assert set(commit["orders"].values()) == {one.data["id"] for one in heard if one.event == "order"}
    assert "report" not in heard[0].data["facts"]


def test_one_may_ask_for_some_nouns_only(sqlite_center: Center) -> None:
    admin = sqlite_center.admin
    with admin.listening("/events?noun=closure&noun=stock") as answer:
        stream = messages(answer)
        next(stream)
        _story(admin)
        assert [next(stream).event for _ in range(3)] == ["closure", "closure", "stock"]
    assert admin.get("/events?noun=keys").status == 422
    assert admin.get("/events", Last_Event_ID="yesterday").status == 422


def test_a_number_of_another_database_starts_anew(sqlite_center: Center) -> None:
    first = _take(sqlite_center.admin, 1, Last_Event_ID="2000000000")[0]
    assert first.event == "reset"
    assert first.number is not None
    assert first.number < 2_000_000_000


def test_a_restart_loses_no_event_and_a_shutdown_ends_streams_in_order(
    county: Path, new_database: Callable[[str], str]
) -> None:
    """The stream says that it ends, the server does so at once, and the next one goes on where it stood."""
    database = new_database("sqlite")
    first = start(county, database, MUSTER_WORKERS="1")
    client = first.client()
    with client.listening("/events") as answer:
        stream = messages(answer)
        hello = next(stream)
        made(client.post("/incidents", collapse()))
        assert next(stream).event == "incident"
        first.process.terminate()
        last = list(stream)
        assert [one.event for one in last] == ["end"]
        assert last[0].data["code"] == "A211"
    assert end(first) == 0
    with serving(
        county, database, MUSTER_WORKERS="1", MUSTER_STREAM_S="1", MUSTER_HEARTBEAT_S="0.3"
    ) as second:
        client = Client(second.port, first.key)
        made(client.post("/closures", {"road_ids": ["r9"]}))
        with client.listening("/events", Last_Event_ID=str(hello.number)) as answer:
            raw = answer.read().decode()
        assert [line for line in raw.splitlines() if line.startswith("event: ")] == [
            "event: hello",
            "event: incident",
            "event: closure",
            "event: end",
        ]
        assert raw.count(": still here") >= 2, "quiet streams give signs of life"


def test_a_listener_that_reads_nothing_holds_nobody_up(sqlite_center: Center) -> None:
    """While one client takes no byte of its stream, others hear everything and writes are answered."""
    admin = sqlite_center.admin
    with socket.create_connection(("127.0.0.1", admin.port), timeout=20) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.sendall(f"GET /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {admin.key}\r\n\r\n".encode())
        heard: list[Message] = []
        count = 60

        def listen() -> None:
            with admin.listening("/events?noun=closure") as answer:
                stream = messages(answer)
                heard.extend(next(stream) for _ in range(count + 1))

        listener = threading.Thread(target=listen)
        listener.start()
        within(10, lambda: _figure(admin, "muster_streams") >= 2)
        for _ in range(count // 2):
            closure = made(admin.post("/closures", {"road_ids": ["r9"], "reason": "x" * 500}))["id"]
            made(admin.post(f"/closures/{closure}/lift"))
        listener.join(30)
        assert [one.data["what"] for one in heard[1:]] == ["reported", "lifted"] * (count // 2)


def _figure(client: Client, name: str) -> float:
    text = client.get("/metrics").raw.decode()
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} "))


def test_what_is_not_for_everybody_is_no_event() -> None:
    """Keys are never told; jobs only to their key; of reports no more than the facts named in the table."""
    assert event_of(1, NOON, "key.made", "k", {"name": "n"}) is None
    assert event_of(1, NOON, "unheard.of", "k", {}) is None
    job = event_of(2, NOON, "job.asked", "job-1", {"key_id": "me", "process": "siting"})
    assert job is not None
    assert job.key_id == "me"
    report = event_of(3, NOON, "incident.reported", "i", {"report": {"phone": "110"}, "level": "II"})
    assert report is not None
    assert '"facts":{"level":"II"}' in report.data
    assert report.key_id is None
    assert set(FACTS) == set(NOUNS.values())


def test_a_message_is_framed_as_the_standard_says() -> None:
    assert message("plan", '{"a":1}', number=7) == b'id: 7\nevent: plan\ndata: {"a":1}\n\n'
    assert message("end", "{}") == b"event: end\ndata: {}\n\n"


def test_old_events_are_pruned_and_who_missed_them_is_told(
    county: Path, new_database: Callable[[str], str]
) -> None:
    """A server that keeps events for an hour forgets older ones; asked for them it says reset."""
    database = new_database("sqlite")
    with serving(county, database, MUSTER_WORKERS="1") as first:
        made(first.client().post("/incidents", collapse()))
        made(first.client().post("/incidents", collapse()))
    store = Store(open_engine(store_url(database)))
    with store.writing() as (session, _):
        oldest = session.scalars(select(EventRow).order_by(EventRow.number)).all()[1]
        oldest.at -= timedelta(hours=2)
        number = oldest.number
    with serving(county, database, MUSTER_WORKERS="1", MUSTER_EVENTS_H="1") as second:
        client = Client(second.port, first.key)
        within(10, lambda: _numbers(store)[0] > number)
        assert _take(client, 1, Last_Event_ID=str(number - 1))[0].event == "reset"
        assert [one.event for one in _take(client, 2, Last_Event_ID=str(number))] == ["hello", "incident"]
    store.close()


def _numbers(store: Store) -> list[int]:
    with store.reading() as session:
        return list(session.scalars(select(EventRow.number).order_by(EventRow.number)))
