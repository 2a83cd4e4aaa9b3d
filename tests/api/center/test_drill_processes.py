"""Drills and ensembles of the simulation as jobs: the document holds everything, no file is read."""

from typing import Any

from tests.api.center.client import made
from tests.api.center.conftest import Center
from tests.api.center.test_jobs import _ended


def drill(**changes: Any) -> dict[str, Any]:
    """A day of fires in the county."""
    section: dict[str, Any] = {
        "starts": "2026-01-05T00:00:00+08:00",
        "length": "1 d",
        "replications": 2,
        "kinds": [{"id": "fire", "teams": [{"capability": "fire"}], "within": "20 min", "on_scene": "9 min"}],
        "calls": {"per_day": 12},
        **changes,
    }
    return {"muster": 1, "kind": "drill", "drill": section}


def ensemble(**changes: Any) -> dict[str, Any]:
    """That day with few and with many calls, each twice."""
    vary = [{"path": "drill.calls.per_day", "values": [2, 24]}]
    section = {"scenario": drill(), "vary": vary, "replications": 2, **changes}
    return {"muster": 1, "kind": "ensemble", "ensemble": section}


def _result(center: Center, process: str, document: dict[str, Any]) -> Any:
    planner = center.clients["planner"]
    job = planner.post(f"/processes/{process}/execution", document)
    shown = _ended(planner, f"/jobs/{made(job)['jobID']}")
    assert shown["status"] == "successful", shown
    return made(planner.get(f"/jobs/{shown['jobID']}/results"))


def test_a_drill_is_played_as_a_job(sqlite_center: Center) -> None:
    report = _result(sqlite_center, "drill", drill())
    assert (report["kind"], report["status"], report["replications"]) == ("drill", "done", 2)
    assert report["totals"]["calls"]["mean"] > 0


def test_an_ensemble_varies_a_scenario_of_its_own(sqlite_center: Center) -> None:
    """Both combinations have their figures, and more calls a day are more calls."""
    found = _result(sqlite_center, "ensemble", ensemble())
    assert (found["done"], found["members"], found["base_kind"]) == (4, 4, "drill")
    few, many = found["combinations"]
    assert (few["values"], many["values"]) == ({"drill.calls.per_day": 2}, {"drill.calls.per_day": 24})
    calls = [{one["name"]: one["mean"] for one in side["figures"]}["calls"] for side in (few, many)]
    assert calls[0] < calls[1]


def test_no_file_of_the_server_is_named(sqlite_center: Center) -> None:
    """Every file that a document names is refused at once, wherever it stands."""
    planner = sqlite_center.clients["planner"]
    named = drill(calls={"rates": "/etc/passwd"}, floods=[{"water_file": "w.json"}]) | {"doctrine": "d.yaml"}
    refused = planner.post("/processes/drill/execution", named)
    assert (refused.status, {one["code"] for one in refused.body["faults"]}) == (422, {"A300"})
    assert [one["where"] for one in refused.body["faults"]] == [
        "body drill.calls.rates", "body drill.floods.0.water_file", "body doctrine",
    ]  # fmt: skip
    for wrong in ("scenario.yaml", None, 3):
        refused = planner.post("/processes/ensemble/execution", ensemble(scenario=wrong))
        assert (refused.status, refused.body["code"]) == (422, "A300")
    refused = planner.post("/processes/ensemble/execution", ensemble(scenario=named))
    assert refused.body["code"] == "A300"
    assert planner.post("/processes/ensemble/execution", {}).body["code"] == "A300"


def test_other_faults_of_the_documents_are_told(sqlite_center: Center) -> None:
    planner = sqlite_center.clients["planner"]
    refused = planner.post("/processes/ensemble/execution", ensemble(scenario={"kind": "ensemble"}))
    assert refused.body["code"] == "S487"
    assert planner.post("/processes/ensemble/execution", ensemble(vary=3)).status == 422
    assert planner.post("/processes/ensemble/execution", ensemble(board={"muster": 2})).status == 422
    elsewhere = drill() | {"region": "elsewhere"}
    assert planner.post("/processes/drill/execution", elsewhere).body["code"] == "A200"
    assert planner.post("/processes/drill/execution", drill(length="-1 d")).status == 422
