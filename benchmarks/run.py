"""Run benchmarks: ``python dev.py bench SUITE [--case PATTERN] [--quick] [--json FILE] ...``.

Prints a table, writes one JSON line a row with ``--json``, keeps the rows for the page of published results
with ``--publish``, and fails when an answer was wrong. Figures that miss what a requirement asks are shown,
not failed: a busy machine is no defect.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.registry import SUITES, Case, Options, Row, cases
from benchmarks.results import Run, publish, this_run

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; 0 done, 1 a wrong answer, 2 bad arguments."""
    asked = _arguments(arguments)
    options = Options(
        data=asked.data if asked.data or not SHARED.is_dir() else SHARED,
        graph=asked.graph,
        seeds=asked.seeds,
        peers=tuple(asked.peers.split(",")) if asked.peers is not None else None,
        quick=asked.quick,
    )
    chosen = list(cases(asked.suite, asked.case))
    if not chosen:
        print(f"no case of suite {asked.suite} fits {asked.case!r}", file=sys.stderr)
        return 2
    run, rows = this_run(), list[Row]()
    for one in chosen:
        for row in _rows(one, options):
            rows.append(row)
            print(_shown(row), flush=True)
        _keep(rows, run, asked)
    wrong = [row for row in rows if row.verified is False]
    missed = [row for row in rows if row.met is False]
    print(f"{len(rows)} rows, {len(missed)} below what was asked, {len(wrong)} wrong")
    return 1 if wrong else 0


def _rows(case: Case, options: Options) -> Iterable[Row]:
    if options.quick and not case.quick:
        return [Row(suite=case.suite, case=case.name, metric="skipped", unit="", note="not a quick case")]
    return case.measure(options)


def _keep(rows: Sequence[Row], run: Run, asked: argparse.Namespace) -> None:
    """After each case, so that a long run that is broken off leaves what it has measured."""
    if asked.json:
        asked.json.write_text("".join(row.line() + "\n" for row in rows), encoding="utf-8")
    if asked.publish:
        publish(rows, run)


def _shown(row: Row) -> str:
    def figure(value: float | None) -> str:
        return "-" if value is None else f"{value:.4g}"

    verdict = {None: "", True: "met", False: "MISSED"}[row.met]
    checked = {None: "", True: "verified", False: "WRONG"}[row.verified]
    peer = f"{row.peer} {figure(row.theirs)}" if row.peer else ""
    ratio = f"x{row.ratio:.3g}" if row.ratio is not None else ""
    asked = f"asked {figure(row.asked)}" if row.asked is not None else ""
    parts = [f"{row.suite}/{row.case}", f"{row.metric} {figure(row.ours)} {row.unit}"]
    return "  ".join(part for part in (*parts, peer, ratio, asked, verdict, checked, row.note) if part)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("suite", choices=[*SUITES, "all"])
    parser.add_argument("--case", default="*", metavar="PATTERN", help="shell pattern on the case's name")
    parser.add_argument("--data", type=Path, help="folder of third-party data")
    parser.add_argument("--graph", type=Path, help="own graph, .npz or .pbf")
    parser.add_argument("--seeds", type=int, default=3, metavar="N")
    parser.add_argument("--peers", metavar="A,B", help="only these peers; empty for none")
    parser.add_argument("--quick", action="store_true", help="the quick cases only, within a minute a suite")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one JSON line a row")
    parser.add_argument("--publish", action="store_true", help="keep the rows in docs/benchmarks")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
