"""What an ensemble keeps on disk: kinds of columns, and the same bytes whatever was done when."""

from pathlib import Path
from typing import Any

import pyarrow.parquet  # type: ignore[import-untyped]  # it has no types
import pytest

from geo.errors import InputError
from scenarios.ensemble_measures import Measures
from scenarios.ensemble_store import HEADER, MEMBERS, PARTS, Rows, Store, held, identity
from scenarios.made_with import made_with
from scenarios.report.ensemble_page import ensemble_page
from scenarios.report.page import render
from scenarios.report.text import Text
from tests.scenarios.small_ensemble import write_small
from tests.scenarios.test_ensemble import Here, _run


def _header(**changes: Any) -> dict[str, Any]:
    made = {
        "muster": "0.1.0", "code": "a1", "packages": {"numpy": "2.4.0", "scipy": "1.17.0"},
        "figures": {"doctrine.yaml": "d1", "erg.yaml": "e1"},
    }  # fmt: skip
    header = {"region": "r1", "scenario": {"kind": "drill"}, "made_with": made | changes.pop("made_with", {})}
    return {**header, **changes, "digest": identity({**header, **changes})}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"made_with": {"muster": "0.2.0", "code": "b2"}}, "code, muster (0.1.0, now 0.2.0)"),
        (
            {"made_with": {"packages": {"numpy": "2.5.0", "scipy": "1.17.0"}}},
            "packages numpy (2.4.0, now 2.5.0)",
        ),
        ({"made_with": {"figures": {"doctrine.yaml": "d2", "erg.yaml": "e1"}}}, "figures doctrine.yaml"),
        ({"region": "r2", "scenario": {}}, "region, scenario"),
        ({"plans": {"one.json": "p1"}}, "plans"),
    ],
)
def test_what_differs_from_the_results_that_lie_there_is_named(
    tmp_path: Path, changes: dict[str, Any], named: str
) -> None:
    """An ensemble begun before an upgrade, or before the shipped doctrine changed, is not gone on with."""
    Store(tmp_path, _header())
    Store(tmp_path, _header())
    with pytest.raises(InputError, match="S488") as refused:
        Store(tmp_path, _header(**changes))
    assert refused.value.faults[0].found == f"results that differ in {named}"


def test_what_a_broken_header_says_is_not_trusted(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"digest": "other"}'):
        (tmp_path / HEADER).write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="S488"):
            Store(tmp_path, _header())


def test_an_ensemble_of_another_muster_or_other_figures_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_small(tmp_path)
    _run(file, tmp_path / "out", Here(most=1))
    now = made_with()
    for other in ({"muster": "0.0.9"}, {"figures": now["figures"] | {"scenarios/doctrine.yaml": "another"}}):
        monkeypatch.setattr("scenarios.ensemble.made_with", lambda other=other: now | other)
        with pytest.raises(InputError, match="S488"):
            _run(file, tmp_path / "out")
    monkeypatch.undo()
    assert _run(file, tmp_path / "out").whole


def test_code_and_every_shipped_file_of_figures_count_and_scenarios_do_not() -> None:
    found = made_with()
    assert found["muster"] is not None
    assert len(found["code"]) == 64
    names = set(found["figures"])
    assert names >= {"scenarios/doctrine.yaml", "scenarios/hazards/erg.yaml", "geo/speeds.yaml"}
    assert not names & {"scenarios/drill-year.yaml", "scenarios/incidents/chlorine-leak.yaml"}


@pytest.mark.parametrize(
    ("values", "kind"),
    [([True, False, None], "bool"), ([1, None, 2], "int64"), ([1, 0.5], "double"), ([True, 2], "string")],
)
def test_what_is_kept_comes_back_with_its_kind(tmp_path: Path, values: list[Any], kind: str) -> None:
    """A sweep over truth values ended in an error of the file's writer once all members were done."""
    store = Store(tmp_path, {"digest": "one"})
    rows: Rows = {number: {"figure": 1.0} for number in range(len(values))}
    path = store.finish(rows, ({"member": n, "set.a": value} for n, value in enumerate(values)))
    table = pyarrow.parquet.read_table(path)
    assert str(table.schema.field("set.a").type) == kind
    wanted = [str(value) for value in values] if kind == "string" else values
    assert table.column("set.a").to_pylist() == wanted


def test_truth_values_are_words_on_the_page(tmp_path: Path) -> None:
    vary = [{"path": "mutual_aid", "values": [True, False]}]
    file = write_small(tmp_path, vary=vary)
    page = render(ensemble_page(_run(file, tmp_path / "out")))
    assert "True" not in page.split("<main")[-1]
    assert "是" in page


def test_what_is_the_same_in_all_combinations_is_said_once(tmp_path: Path) -> None:
    vary = [
        {"path": "mutual_aid", "values": [True, False]},
        {"path": "incidents.0.level", "name_zh": "级别", "name_en": "Level", "values": ["III"]},
        {"path": "board.off_duty", "values": [["t0"]]},
    ]
    found = ensemble_page(_run(write_small(tmp_path, vary=vary), tmp_path / "out"))
    page = render(found)
    assert page.count("级别") == 1
    assert {str(fact.value.en) for fact in found.inputs if isinstance(fact.value, Text)} == {"III", '["t0"]'}


def test_members_without_some_figures_go_on_to_the_same_bytes(tmp_path: Path) -> None:
    """A member without calls has no response time; columns came in another order when a run went on."""
    figures: list[Measures] = [{"status": "done", "calls": 0, "mean_s": None, "busy": 0.1}]
    figures += [{"status": "S466"}, {"status": "done", "calls": 2, "mean_s": 7.5, "busy": 0.2}]
    files = []
    for name, parts in (("at-once", [[0, 1, 2]]), ("in-parts", [[1], [2], [0]]), ("two", [[1, 2], [0]])):
        store = Store(tmp_path / name, {"digest": "one"})
        for part in parts:
            store.keep({number: held(figures[number]) for number in part})
        places = [{"member": number, "set.a": number} for number in range(3)]
        first = store.finish(Store(tmp_path / name, {"digest": "one"}).done(), places).read_bytes()
        again = store.done()
        (tmp_path / name / PARTS).mkdir()
        files += [first, store.finish(again, places).read_bytes()]
    assert len(set(files)) == 1


def test_a_run_whose_members_lack_figures_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    """Nobody arrives where all teams are out; asking the finished command again changes nothing either."""
    out_first = [{"path": "board.off_duty", "values": [["t0", "t1", "t2"], ["t0"]]}]
    file = write_small(tmp_path, vary=out_first, replications=2)
    found = []
    for name, mosts in (("at-once", (None, None)), ("stopped", (1, None))):
        for most in mosts:
            result = _run(file, tmp_path / name, Here(most=most))
            if result.whole:
                found.append((tmp_path / name / MEMBERS).read_bytes())
    assert len(found) == 3
    assert len(set(found)) == 1
    assert result.combinations[0].figures != result.combinations[1].figures
