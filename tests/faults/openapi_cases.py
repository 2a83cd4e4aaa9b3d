"""Requests that schemathesis makes of the whole OpenAPI document: no 5xx, every answer in the schema."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.api.center.client import Client, made
from tests.conftest import ROOT
from tests.faults.outcome import Ground, Outcome

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
APART = r"(/events|^/cap|/import|^/keys/\{key_id\}.*)$"
"""Streams, whose answers do not end; XML and workbooks, which are fuzzed as files; keys by their name, since
a run that ends the key it asks with is refused from then on. Tests of their own ask for all of these."""
FEW = 1_000
"""Up to so many cases the phases that enumerate examples and borders are left out."""


def openapi_rounds(ground: Ground, cases: int, *, seed: int = 0) -> Outcome:
    """At least so many generated requests, stateful ones among them; counted by the server itself."""
    outcome = Outcome("schemathesis")
    with ground.server(ground.database("sqlite")) as running:
        admin = running.client()
        document = ground.scratch / "openapi.json"
        document.write_bytes(admin.get("/openapi.json").raw)
        operations = sum(len(methods) for methods in made(admin.get("/openapi.json"))["paths"].values())
        before = _answered(admin)
        done = _run(document, running.port, running.key, max(1, -(-cases // operations)), seed, cases <= FEW)
        outcome.rounds = _answered(admin) - before
        outcome.hold(done.returncode == 0, f"{done.stdout[-6_000:]}\n{done.stderr[-500:]}")
        outcome.hold(outcome.rounds >= cases, f"{outcome.rounds} requests")
        outcome.hold(admin.get("/keys/me").status == 200, "the key of the run still opens the door")
        outcome.hold(made(admin.get("/audit/verification"))["holds"], "the audit does not hold")
        outcome.note("operations", operations)
    return outcome


def _run(
    document: Path, port: int, key: str, each: int, seed: int, few: bool
) -> "subprocess.CompletedProcess[str]":
    phases = "fuzzing,stateful" if few else "examples,coverage,fuzzing,stateful"
    program = Path(sys.executable).with_name("schemathesis.exe" if os.name == "nt" else "schemathesis")
    words = ["--url", f"http://127.0.0.1:{port}", "-H", f"Authorization: Bearer {key}", "--no-color"]
    words += ["--phases", phases, "--max-examples", str(each), "--seed", str(seed), "--checks", CHECKS]
    words += ["--generation-deterministic", "--generation-with-security-parameters", "false"]
    words += ["--suppress-health-check", "all"]
    words += ["--exclude-path-regex", APART, "--request-timeout", "120", "--continue-on-failure"]
    return subprocess.run(
        [str(program), "run", str(document), *words],
        cwd=document.parent,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def _answered(client: Client) -> int:
    """Requests that the server has answered, those for its own figures left out."""
    text = client.get("/metrics").raw.decode()
    rows = re.findall(r'^muster_requests_total\{[^}]*route="([^"]*)"[^}]*\} (\S+)', text, re.MULTILINE)
    return int(sum(float(count) for route, count in rows if route not in ("/metrics", "/ready", "/health")))
