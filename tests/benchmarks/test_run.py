"""Runs of many cases: what was measured stays when a later case fails."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import benchmarks.run
from benchmarks.registry import Case, Options, Row


def _measured(options: Options) -> Iterator[Row]:
    yield Row(suite="travel", case="first", metric="wall", unit="s", ours=1.0, verified=True)


def _wrong(options: Options) -> Iterator[Row]:
    yield Row(suite="travel", case="wrong", metric="wall", unit="s", ours=1.0, verified=False)


def _broken(options: Options) -> Iterator[Row]:
    yield Row(suite="travel", case="broken", metric="wall", unit="s", ours=2.0)
    raise MemoryError("too big for this machine")


def _run(monkeypatch: pytest.MonkeyPatch, file: Path, *measures: object) -> int:
    found = [Case("travel", f"case {at}", True, one) for at, one in enumerate(measures)]  # type: ignore[arg-type]  # functions of the same kind
    monkeypatch.setattr(benchmarks.run, "cases", lambda suite, pattern: iter(found))
    return benchmarks.run.main(["travel", "--json", str(file)])


def test_a_case_that_breaks_off_leaves_those_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    with pytest.raises(MemoryError):
        _run(monkeypatch, file, _measured, _broken)
    assert [json.loads(line)["case"] for line in file.read_text("utf-8").splitlines()] == ["first"]


def test_a_wrong_answer_fails_the_run_and_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, tmp_path / "rows.jsonl", _measured, _wrong) == 1
    assert capsys.readouterr().out.endswith("2 rows, 0 below what was asked, 1 wrong\n")
