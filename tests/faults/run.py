"""Faults on purpose: ``python dev.py faults [--rounds 200] [--case PATTERN] [--seed N] [--json FILE]``.

Without ``--rounds`` as many as continuous integration does. A long run may be had in parts of different
seeds, whose rounds add up. Exit code 1 when anything was lost or unclear.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path

from tests.api.center.postgres import found_programs, postgres_cluster
from tests.faults.cases import FULL, Case, all_cases
from tests.faults.outcome import Ground, Outcome


def main(arguments: list[str] | None = None) -> int:
    """Run the cases asked for and print their table."""
    parser = argparse.ArgumentParser(prog="dev.py faults", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, metavar="N", help=f"of {FULL}, a full run; else the short run")
    parser.add_argument("--case", default="*", metavar="PATTERN")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the moments and the changes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes as a JSON list")
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        programs = found_programs()
        cluster = None if programs is None else stack.enter_context(postgres_cluster(programs))
        ground = Ground(scratch, None if cluster is None else cluster.address)
        stack.callback(ground.close)
        _say(f"{'case':<14}{'rounds':>7}{'facts':>8}{'seconds':>9}  outcome")
        cases = all_cases(ground, cluster, seed=asked.seed)
        chosen = [case for case in cases if fnmatch(case.name, asked.case)]
        outcomes = [_run(case, case.rounds(asked.rounds)) for case in chosen]
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1) + "\n", "utf-8")
    failed = [one.case for one in outcomes if one.fault and not one.fault.startswith("not run")]
    _say(f"faults: {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def _run(case: Case, rounds: int) -> Outcome:
    begun, outcome = time.monotonic(), Outcome(case.name)
    try:
        if case.missing:
            outcome.fault = f"not run: needs {case.missing}"
        else:
            outcome = case.run(rounds)
    except Exception as error:
        outcome.fault = f"{type(error).__name__}: {error}"[:500]
    outcome.case, outcome.seconds = case.name, round(time.monotonic() - begun, 1)
    notes = ", ".join(f"{count} {what}" for what, count in outcome.notes.items())
    verdict = outcome.fault or ("holds" + (f" ({notes})" if notes else ""))
    _say(f"{case.name:<14}{outcome.rounds:>7}{outcome.facts:>8}{outcome.seconds:>9.1f}  {verdict}")
    return outcome


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
