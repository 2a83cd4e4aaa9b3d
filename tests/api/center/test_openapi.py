"""The OpenAPI 3.1 document is complete: errors, examples that are good, and the unit of every number."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from api.openapi_units import is_number, numbers, unit_of, units
from geo.region.files import read_region
from scenarios.shipped import PINGLUO
from tests.api.center.client import Client, Reply, made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak

EVERYWHERE = {"400", "408", "413", "422", "429", "500", "503"}
WITH_A_KEY = {"401", "403"}
PLAIN = {"GET /health", "GET /ready"}
"""They take no body and no key: only what a server in trouble answers."""
BINARY = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def document(centers: Any) -> dict[str, Any]:
    found: dict[str, Any] = made(centers("sqlite").admin.get("/openapi.json"))
    return found


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_declares_its_errors_as_problem_documents(document: dict[str, Any]) -> None:
    for name, operation in _operations(document):
        errors = {status for status in operation["responses"] if status >= "400"}
        if name not in PLAIN:
            assert errors >= EVERYWHERE | WITH_A_KEY, name
            assert "{" not in name or "404" in errors, name
        for status in errors if name not in PLAIN else ():
            content = operation["responses"][status]["content"]
            assert content["application/problem+json"]["schema"]["$ref"].endswith("/ProblemShown"), name
        assert [status for status in operation["responses"] if status < "300"], name
        assert operation.get("summary") or operation.get("description"), name


def _examples(document: dict[str, Any], schema: dict[str, Any]) -> list[Any]:
    """Those of a schema itself, of what it refers to, of each of its kinds."""
    found = [*schema.get("examples", ())]
    if "$ref" in schema:
        found += _examples(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for kind in schema.get("oneOf", ()):
        inside = _examples(document, kind)
        assert inside, kind
        found += inside
    return found


def test_every_body_has_an_example_that_its_schema_takes(document: dict[str, Any]) -> None:
    """Workbooks are bytes, whose example is a file."""
    count = 0
    for name, operation in _operations(document):
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            if kind == BINARY:
                continue
            examples = _examples(document, body["schema"])
            assert examples, (name, kind)
            whole = {**body["schema"], "components": document["components"]}
            for example in examples:
                jsonschema.Draft202012Validator(whole).validate(example)
            count += 1
    assert count > 40


def test_examples_name_what_the_shipped_county_has(document: dict[str, Any]) -> None:
    """Whoever serves it may send them as they are."""
    region = read_region(PINGLUO)
    known = {
        "team_id": set(region.table("teams")["id"]),
        "without_teams": set(region.table("teams")["id"]),
        "depot_id": set(region.table("depots")["id"]),
        "item_id": set(region.table("stock")["item_id"]),
        "hazard_site": set(region.table("hazard_sites")["id"]),
        "road_ids": set(region.table("roads")["id"]),
    }
    seen = set()
    for _, operation in _operations(document):
        for body in operation.get("requestBody", {}).get("content", {}).values():
            for example in _examples(document, body["schema"]):
                for key, value in _pairs(example):
                    if key in known:
                        seen.add(key)
                        assert {value} if isinstance(value, str) else set(value) <= known[key], (key, value)
    assert seen == set(known)


def _pairs(example: Any) -> Iterator[tuple[str, Any]]:
    for key, value in example.items() if isinstance(example, dict) else ():
        yield key, value
        yield from _pairs(value)
    for one in example if isinstance(example, list) else ():
        yield from _pairs(one)


def test_every_number_says_its_unit(document: dict[str, Any]) -> None:
    """By the end of its name, by its own words, or by the table of units; every row of the table is used."""
    silent = [f"{model}.{field}" for model, field, said in numbers(document) if not said.get("description")]
    assert silent == []
    used = {
        name
        for model, field, _ in numbers(document)
        for name in (f"{model}.{field}", field)
        if name in units()["names"]
    }
    assert set(units()["names"]) == used
    for name, operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            if is_number(parameter["schema"]):
                described = parameter.get("description") or unit_of("", parameter["name"])
                assert described, (name, parameter["name"])
    words = [said["description"] for model, field, said in numbers(document) if unit_of(model, field) is None]
    assert all(re.search(r"[a-z]{3}", text) for text in words)


def test_units_are_read_from_the_end_of_a_name() -> None:
    """The longest ending counts; a name alone or within its model; unknown ones are told apart."""
    assert unit_of("Any", "wind_m_s") == "metres a second"
    assert unit_of("Any", "overlap_s") == "seconds"
    assert unit_of("DepthRun", "short") != unit_of("ItemNeed", "short")
    assert unit_of("Any", "of_no_unit_at_all") is None
    assert is_number({"anyOf": [{"type": "integer"}, {"type": "null"}]})
    assert is_number({"type": "array", "items": {"prefixItems": [{"type": "number"}]}})
    assert is_number({"type": "object", "additionalProperties": {"type": "integer"}})
    assert not is_number({"type": "array", "items": {}})


def _example(document: dict[str, Any], name: str, number: int = 0) -> Any:
    return document["components"]["schemas"][name]["examples"][number]


def test_examples_are_taken_by_a_running_server(sqlite_center: Center, document: dict[str, Any]) -> None:
    """A whole night told in examples alone: key, incident, plan, orders, drill, records, alert."""
    admin = sqlite_center.admin
    key = made(admin.post("/keys", _example(document, "KeyAsked")))
    made(admin.post(f"/keys/{key['id']}/rotate", _example(document, "TurnOverAsked")))
    incident = made(admin.post("/incidents", leak()))["id"]
    _good(admin, f"/incidents/{incident}/response", _example(document, "LevelAsked"))
    _good(admin, f"/incidents/{incident}/log", _example(document, "EntryAsked"))
    plan = _good(admin, f"/incidents/{incident}/plan", _example(document, "PlanAsked"))
    _good(admin, f"/incidents/{incident}/what-if", _example(document, "WhatIfAsked"))
    orders = _good(admin, f"/plans/{plan['id']}/commit", _example(document, "CommitAsked", 1))["orders"]
    for order in orders:
        status = _example(document, "TeamReport")
        _good(admin, f"/teams/{order['team_id']}/status", status)
        _good(admin, f"/orders/{order['id']}/complete", _example(document, "Why"))
    _good(admin, f"/incidents/{incident}/reports", _example(document, "ReportAsked"))
    _good(admin, f"/incidents/{incident}/response/end", _example(document, "EndAsked"))
    _good(admin, f"/incidents/{incident}/cancel", _example(document, "EndAsked"))
    closure = _good(admin, "/closures", {"road_ids": ["r9"]})["id"]
    _good(admin, f"/closures/{closure}/lift", _example(document, "Why"))
    for layer, name in (("contacts", "Contact"), ("units", "Unit"), ("plans", "PlanDocument")):
        made(admin.put(f"/records/{layer}/example", _example(document, name)))
        made(admin.delete(f"/records/{layer}/example"))
    xml = document["paths"]["/cap"]["post"]["requestBody"]["content"]["text/xml"]["schema"]["examples"][0]
    assert _sent_xml(admin, xml).status == 201


def test_the_example_of_a_drill_is_played(sqlite_center: Center, document: dict[str, Any]) -> None:
    """Prepared, started, made faster by the example of its clock, ended."""
    admin = sqlite_center.admin
    asked = _example(document, "DrillAsked")
    asked["script"] = [
        one | ({"incident": collapse()} if "incident" in one else {}) for one in asked["script"]
    ]
    drill = _good(admin, "/drills", asked)["id"]
    _good(admin, f"/drills/{drill}/start", {})
    assert _good(admin, f"/drills/{drill}/resume", _example(document, "ClockAsked"))["speed"] == 10
    _good(admin, f"/drills/{drill}/end", {})


def _good(client: Client, path: str, body: Any) -> Any:
    return made(client.post(path, body))


def _sent_xml(client: Client, text: str) -> Reply:
    return client.ask("POST", "/cap", text.encode(), {"Content-Type": "text/xml"})
