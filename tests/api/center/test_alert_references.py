"""Alerts that speak of others, in whatever order they come; and what a body must be declared as."""

import pytest

from tests.api.center.client import made
from tests.api.center.conftest import Center
from tests.api.center.test_alerts import GOOD, message, refers_to, send


def test_messages_are_matched_by_reference_in_whatever_order_they_come(center: Center) -> None:
    """An update of nothing known is a danger all the same; what it supersedes makes no second incident."""
    dispatcher = center.clients["dispatcher"]
    first = f"order-{center.database[-6:]}"
    late = message(f"{first}-u", "Update", references=refers_to(first), severity="Extreme")
    taken = made(send(dispatcher, late))
    assert (taken["outcome"], taken["incident_id"] is not None) == ("unmatched", True)
    incident = taken["incident_id"]
    before = made(send(dispatcher, message(first, severity="Minor")))
    assert (before["outcome"], before["incident_id"]) == ("superseded", incident)
    assert [one["id"] for one in made(dispatcher.get("/incidents?status=open"))["features"]] == [incident]
    assert made(dispatcher.get(f"/incidents/{incident}"))["properties"]["level"] == "I", "newer words hold"
    cancel = message(f"{first}-c", "Cancel", references=refers_to(f"{first}-u"), info=False)
    assert made(send(dispatcher, cancel))["outcome"] == "cancelled"
    lines = [line["text_en"] for line in made(dispatcher.get(f"/incidents/{incident}/log"))["lines"]]
    assert any("look whether it is known already" in line for line in lines)


def test_a_cancel_of_nothing_known_ends_nothing_and_holds_for_what_comes_late(center: Center) -> None:
    """The alert that it cancels makes no incident when it comes after it; that of another sender does."""
    dispatcher = center.clients["dispatcher"]
    first = f"gone-{center.database[-6:]}"
    cancel = message(f"{first}-c", "Cancel", references=refers_to(first), info=False)
    taken = made(send(dispatcher, cancel))
    assert (taken["outcome"], taken["incident_id"]) == ("unmatched", None)
    after = made(send(dispatcher, message(first)))
    assert (after["outcome"], after["incident_id"]) == ("superseded", None)
    assert made(dispatcher.get("/incidents?status=open"))["features"] == []
    other = message(first).replace("weather@example.org", "river@example.org")
    assert made(send(dispatcher, other))["outcome"] == "reported"


def test_an_update_of_a_test_is_the_first_word_of_the_danger(sqlite_center: Center) -> None:
    dispatcher = sqlite_center.clients["dispatcher"]
    assert made(send(dispatcher, message("was-test", status="Test")))["outcome"] == "noted"
    update = message("is-real", "Update", references=refers_to("was-test"))
    assert made(send(dispatcher, update))["outcome"] == "reported"
    drill = message("no-cancel", "Cancel", references=refers_to("is-real"), status="Exercise", info=False)
    assert made(send(dispatcher, drill))["outcome"] == "noted", "an exercise ends nothing real"


@pytest.mark.parametrize(
    "kind", ["application/json", "text/html", "", "application/xmlx", "multipart/form-data"]
)
def test_a_body_that_is_not_declared_as_xml_is_refused(sqlite_center: Center, kind: str) -> None:
    dispatcher = sqlite_center.clients["dispatcher"]
    refused = dispatcher.ask("POST", "/cap", GOOD.encode(), {"Content-Type": kind})
    assert (refused.status, refused.body["code"]) == (415, "A258")


def test_declared_kinds_of_xml_are_taken(sqlite_center: Center) -> None:
    dispatcher = sqlite_center.clients["dispatcher"]
    for number, kind in enumerate(("application/xml", "text/xml; charset=utf-8", "Application/CAP+XML")):
        body = message(f"kind-{number}").encode()
        assert dispatcher.ask("POST", "/cap", body, {"Content-Type": kind}).status == 201
