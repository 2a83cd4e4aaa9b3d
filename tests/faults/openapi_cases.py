"""Requests that schemathesis makes of the whole OpenAPI document: no 5xx, every answer in the schema."""

import json
import os
import re
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.api.center.client import Client, made
from tests.api.center.running import Running
from tests.conftest import ROOT
from tests.faults.outcome import Ground, Outcome
from tests.faults.records import LEDGERS, World, exercise_world, real_world

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
APART = r"^(/events|/jobs/\{job_id\}/events|/cap|.*/import|/keys/\{key_id\}.*)$"
"""Streams, whose answers do not end; XML and workbooks, which are fuzzed as files; keys by their name, since
a run that ends the key it asks with is refused from then on. Tests of their own ask for all of these."""
FEW = 1_000
"""Up to so many cases the phase that enumerates borders is left out."""
PHASES = ("examples,coverage", "fuzzing,stateful")
FEW_PHASES = ("examples", "fuzzing,stateful")
ONCE = "idempotency-key"
"""Where requests are alike but for one value, their key would be the same, and refused from the second on."""
KNOWN = 0.9
"""Share of requests that ask about a record there is; the others make up its id."""
MOST = 0.7
"""Of the operations, so many must be done at least once: generated bodies are often refused."""
IN_DRILL = "/drills/{drill_id}/"
ENDS = ("/close", "/cancel")
CLOCKS = tuple(f"{IN_DRILL}{word}" for word in ("start", "pause", "resume", "end"))
BODY = {
    "body.incident_id": "incident_id",
    "body.also[*]": "incident_id",
    "body.depot_id": "depot_id",
    "body.plan_id": "plan_id",
    "body.positions[*].team_id": "team_id",
    "body.without_teams[*]": "team_id",
}
"""Fields of bodies that name a record, and the parameter whose ids they take."""
WORDS = {
    "body.item_id": ["mat", "crate", "pump"],
    "body.road_ids[*]": ["r1", "r4", "r9"],
    "body.close_roads[*]": ["r1", "r4", "r9"],
}
METHODS = ("get", "post", "put", "delete")


def openapi_rounds(ground: Ground, cases: int, *, seed: int = 0) -> Outcome:
    """At least so many generated requests, stateful ones among them; counted by the server itself."""
    outcome = Outcome("schemathesis")
    with ground.server(ground.database("sqlite")) as running:
        admin = running.client()
        document = made(admin.get("/openapi.json"))
        folder = ground.scratch / f"openapi-{seed}"
        folder.mkdir()
        operations = _prepare(folder, document, real_world(admin), exercise_world(admin))
        before = _answered(admin)
        few = cases <= FEW
        each = max(1, -(-cases // (operations * (1 + few))))  # some requests are examples
        for phases in FEW_PHASES if few else PHASES:
            done = _run(folder, running, phases, each, seed)
            outcome.hold(done.returncode == 0, f"{done.stdout[-6_000:]}\n{done.stderr[-500:]}")
        answers = _answered(admin)
        answers.subtract(before)
        outcome.rounds = sum(answers.values())
        outcome.facts += outcome.rounds  # schemathesis held every answer to the schema
        outcome.hold(outcome.rounds >= cases, f"{outcome.rounds} requests")
        outcome.hold(admin.get("/keys/me").status == 200, "the key of the run still opens the door")
        outcome.hold(made(admin.get("/audit/verification"))["holds"], "the audit does not hold")
        _note_reached(outcome, document, answers)
    return outcome


def _prepare(folder: Path, document: Any, real: World, exercise: World) -> int:
    """Write the document with the ids of records as examples, and the settings that name them; operations."""
    lines, dictionaries = list[str](), dict[str, list[str]]()
    for path, method, operation in _operations(document):
        bound = dict(_bound(path, method, operation, real, exercise))
        for name, ids in bound.items():
            dictionaries.setdefault(_named(ids), ids)
            if name.startswith("path."):
                _exemplify(operation, name.removeprefix("path."), ids)
        pairs = [
            f'{json.dumps(name)} = {{ dictionary = "{_named(ids)}", probability = {KNOWN} }}'
            for name, ids in bound.items()
        ]
        lines += [
            "[[operations]]",
            f"include-path = {json.dumps(path)}",
            f'include-method = "{method.upper()}"',
            "[operations.parameters]",
            *pairs,
            "",
        ]
    for name, ids in dictionaries.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(ids)}", ""]
    (folder / "schemathesis.toml").write_text("\n".join(lines), "utf-8")
    (folder / "openapi.json").write_text(json.dumps(document), "utf-8")
    for _, _, operation in _operations(document):
        operation["parameters"] = [one for one in operation.get("parameters", ()) if one["name"] != ONCE]
    (folder / "without-keys.json").write_text(json.dumps(document), "utf-8")
    return sum(1 for _ in _operations(document))


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and not re.match(APART, path):
                yield path, method, item[method]


def _named(ids: list[str]) -> str:
    """A name for a list of ids, the same for the same list."""
    return f"ids-{zlib.crc32(json.dumps(ids).encode()):08x}"


def _bound(
    path: str, method: str, operation: Any, real: World, exercise: World
) -> Iterator[tuple[str, list[str]]]:
    """Ids for parameters and fields of bodies: of the exercise below a drill, else of real life."""
    world = exercise if path.startswith(IN_DRILL) else real
    ends = path.endswith(ENDS) or path in CLOCKS or (path, method) == ("/jobs/{job_id}", "delete")
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "path" and (ids := _ids(path, name, world, exercise, ends)):
            yield f"path.{name}", ids
    if "requestBody" in operation:
        yield from ((key, world.known[name]) for key, name in BODY.items() if name in world.known)
        yield from WORDS.items()
        if path.startswith("/places"):
            yield "body.layer", ["teams"]


def _ids(path: str, name: str, world: World, exercise: World, ends: bool) -> list[str]:
    if name == "layer":
        return list(LEDGERS) if path.startswith("/records") else ["teams", "demand", "roads", "depots"]
    if name == "other_id":
        name = "plan_id"
    if name == "drill_id" and path in CLOCKS:
        ending = exercise.ending["drill_id"]
        return ending[::2] if path.endswith("/end") else ending[1::2]
    if name == "drill_id":
        world, ends = exercise, False
    return world.ending.get(name, world.known.get(name, [])) if ends else world.known.get(name, [])


def _exemplify(operation: Any, name: str, ids: list[str]) -> None:
    """Phases that take examples from the document ask about records too."""
    for parameter in operation["parameters"]:
        if (parameter["name"], parameter["in"]) == (name, "path"):
            parameter["schema"] = {**parameter["schema"], "examples": ids[:1]}


def _run(
    folder: Path, running: Running, phases: str, each: int, seed: int
) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("schemathesis.exe" if os.name == "nt" else "schemathesis")
    document = "openapi.json" if "fuzzing" in phases else "without-keys.json"
    words = ["--config-file", "schemathesis.toml", "run", document, "--no-color", "--workers", "2"]
    words += ["--url", f"http://127.0.0.1:{running.port}", "-H", f"Authorization: Bearer {running.key}"]
    words += ["--phases", phases, "--max-examples", str(each), "--seed", str(seed), "--checks", CHECKS]
    words += ["--generation-deterministic", "--generation-with-security-parameters", "false"]
    words += ["--suppress-health-check", "all", "--continue-on-failure"]
    words += ["--exclude-path-regex", APART, "--request-timeout", "120"]
    return subprocess.run(
        [str(program), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def _answered(client: Client) -> Counter[tuple[str, str, str]]:
    """Requests answered by method, route and status, those for the server's own figures left out."""
    text = client.get("/metrics").raw.decode()
    rows = re.findall(r"^muster_requests_total\{(.*)\} (\S+)$", text, re.MULTILINE)
    found: Counter[tuple[str, str, str]] = Counter()
    for labels, count in rows:
        of = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        if of["route"] not in ("/metrics", "/ready", "/health"):
            found[of["method"], of["route"], of["status"]] += int(float(count))
    return found


def _note_reached(outcome: Outcome, document: Any, answers: Counter[tuple[str, str, str]]) -> None:
    """Most operations were done, not only refused; those of an exercise count with those of real life."""
    paths = {path for path, _, _ in _operations(document)}
    asked = {
        (method.upper(), inner if (inner := path.replace(IN_DRILL, "/")) in paths else path)
        for path, method, _ in _operations(document)
    }
    done = {(method, route) for (method, route, status), count in answers.items() if count and status < "300"}
    outcome.note("operations", len(asked))
    outcome.note("of them done", len(asked & done))
    outcome.hold(len(asked & done) > MOST * len(asked), sorted(asked - done))
