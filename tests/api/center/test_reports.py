"""Reports and sheets: filled from the record, numbered, frozen; read back from DOCX and page."""

import hashlib
import io
import json
import re
from typing import Any

import docx

from tests.api.center.client import Client, made
from tests.api.center.conftest import Center
from tests.api.center.county import leak

HAND = {
    "to": "市应急管理局",
    "author": "Li",
    "situation": ["阀门泄漏 <b>"],
    "casualties": {"injured": 2, "source": "县医院", "at": "2026-01-15T03:00:00+08:00"},
    "needs": ["两台洗消车"],
}


def _lines(content: Any, key: str, language: str = "en") -> list[str]:
    section = next(one for one in content["sections"] if one["key"] == key)
    return [line[language] for line in section["lines"]]


def _committed(client: Client) -> tuple[str, list[Any]]:
    incident = made(client.post("/incidents", leak(name_zh="氯气泄漏", name_en="Leak at v5")))["id"]
    plan = made(client.post(f"/incidents/{incident}/plan"))
    return incident, made(client.post(f"/plans/{plan['id']}/commit"))["orders"]


def test_reports_come_in_their_order_and_never_change(center: Center) -> None:
    """First, follow-up, final; numbered from 1; what was issued stays byte for byte as it was."""
    approver = center.clients["approver"]
    incident, orders = _committed(approver)
    path = f"/incidents/{incident}/reports"
    assert approver.post(path, {"kind": "follow_up"}).body["code"] == "A240"
    made(approver.post(f"/incidents/{incident}/response", {"level": "III"}))
    draft = made(approver.get(f"{path}/draft"))
    first = made(approver.post(path, {"kind": "first", **HAND}, Idempotency_Key=f"first-{incident}"))
    assert made(approver.post(path, {"kind": "first", **HAND}, Idempotency_Key=f"first-{incident}")) == first
    assert (first["number"], draft["number"]) == (1, 1)
    assert approver.post(path, {"kind": "first"}).body["code"] == "A240"
    content = first["content"]
    assert _lines(content, "people")[0] == "Casualties: 2 injured"
    assert "阀门泄漏 <b>" in _lines(content, "event")
    assert _lines(content, "needs")[-1] == "两台洗消车"
    grid = next(one["grid"] for one in content["sections"] if one["key"] == "measures")
    assert len(grid["rows"]) == len(orders)
    assert any("level III" in line for line in _lines(content, "measures"))
    sourced = [line for one in content["sections"] for line in one["lines"] if line["source"]]
    assert sourced
    refused = approver.post(path, {"kind": "final"})
    assert (refused.status, refused.body["code"]) == (409, "A241")
    before = approver.get(f"/reports/{first['id']}").raw
    second = made(approver.post(path, {"kind": "follow_up"}))
    assert any("Report no. 1 issued" in line for line in _lines(second["content"], "timeline")) is False
    for order in orders:
        made(approver.post(f"/orders/{order['id']}/complete"))
    final = made(approver.post(path, {"kind": "final"}))
    assert final["number"] == 3
    assert _lines(final["content"], "people")[0] == "Casualties: 2 injured", "as last counted"
    assert any("Report no. 2 issued" in line for line in _lines(final["content"], "timeline"))
    assert approver.post(path, {"kind": "follow_up"}).body["code"] == "A240"
    assert approver.get(f"/reports/{first['id']}").raw == before
    raw = before[before.index(b'"content":') + len('"content":') : -1]
    assert hashlib.sha256(raw).hexdigest() == first["content_hash"]
    assert [one["kind"] for one in made(approver.get(path))["items"]] == ["first", "follow_up", "final"]


def test_the_file_says_what_the_record_says_in_both_languages(sqlite_center: Center) -> None:
    """Every line and table cell of the content stands in the DOCX; the same report gives the same bytes."""
    approver = sqlite_center.clients["approver"]
    incident, _ = _committed(approver)
    report = made(approver.post(f"/incidents/{incident}/reports", {"kind": "first", **HAND}))
    for language in ("zh", "en"):
        reply = approver.get(f"/reports/{report['id']}/docx?language={language}")
        assert reply.headers["content-disposition"] == f'attachment; filename="{incident}-01-{language}.docx"'
        document = docx.Document(io.BytesIO(reply.raw))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        for section in report["content"]["sections"]:
            assert section["title"][language] in text
            assert all(line[language] in text for line in section["lines"])
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        grid = next(one["grid"] for one in report["content"]["sections"] if one["grid"])
        assert {cell[language] for row in grid["rows"] for cell in row} <= cells
        assert reply.raw == approver.get(f"/reports/{report['id']}/docx?language={language}").raw


def _page(client: Client, path: str) -> str:
    reply = client.get(path)
    assert reply.status == 200, reply.raw[:300]
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src" not in reply.headers["content-security-policy"]
    text = reply.raw.decode()
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="|url\(', text), "a printed page loads nothing"
    return text


def test_pages_are_printed_without_scripts_and_hold_what_a_team_needs(sqlite_center: Center) -> None:
    """Report, order sheets, roster and map; words of others are escaped; the review number has its field."""
    approver, viewer = sqlite_center.clients["approver"], sqlite_center.clients["viewer"]
    incident, orders = _committed(approver)
    made(
        approver.put(
            "/records/contacts/x", {"layer": "contacts", "unit": "Water <office>", "channel": "370.1"}
        )
    )
    report = made(approver.post(f"/incidents/{incident}/reports", {"kind": "first", **HAND}))
    page = _page(approver, f"/reports/{report['id']}/page?language=en")
    assert "阀门泄漏 &lt;b&gt;" in page
    assert "No. 1" in page
    sheets = _page(approver, f"/incidents/{incident}/sheets")
    assert sheets.count('<div class="sheet">') == len(orders)
    assert all(order["id"] in sheets for order in orders)
    sheet = _page(approver, f"/orders/{orders[0]['id']}/sheet")
    assert orders[0]["id"] in sheet
    roster = _page(approver, f"/incidents/{incident}/roster?paper=A3")
    assert "Water &lt;office&gt;" in roster
    assert "370.1" in roster
    assert "size: A3 portrait" in roster
    drawn = _page(viewer, f"/incidents/{incident}/map?paper=A3")
    assert "审图号" in drawn
    assert "<svg" in drawn
    assert "size: A3 landscape" in drawn
    assert viewer.get(f"/incidents/{incident}/roster").status == 403
    made(approver.delete("/records/contacts/x"))
    other = made(approver.post("/incidents", leak()))["id"]
    assert "<svg" in _page(viewer, f"/incidents/{other}/map"), "a map before any plan"


def test_a_report_without_a_plan_says_what_is_known(sqlite_center: Center) -> None:
    """Nothing is made up: no zones, no teams, casualties being checked."""
    approver = sqlite_center.clients["approver"]
    incident = made(approver.post("/incidents", leak()))["id"]
    report = made(approver.post(f"/incidents/{incident}/reports", {"kind": "first"}))["content"]
    assert _lines(report, "people") == ["Casualties: being checked"]
    assert _lines(report, "area") == []
    assert json.dumps(report).count("null")
    assert approver.post("/incidents/nobody/reports", {"kind": "first"}).status == 404
