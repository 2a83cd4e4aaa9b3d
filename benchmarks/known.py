"""Hold a plan of any planner to the known answers: ``python -m benchmarks.known INSTANCE QUESTION PLAN.csv``.

``PLAN.csv`` has one line a choice: a site id for siting, ``slot,team`` for dispatch, without a header.
"""

import csv
import sys
from pathlib import Path

from benchmarks.known_dispatch import Stages, read_dispatch
from benchmarks.known_siting import QUESTIONS, read_siting

FOLDER = Path(__file__).resolve().parent / "known"


def main(arguments: list[str]) -> int:
    """Print what a plan is worth beside the best; 0 as good, 1 worse or wrong, 2 bad arguments."""
    if len(arguments) != 3 or not (folder := FOLDER / arguments[0]).is_dir():
        names = ", ".join(sorted(one.name for one in FOLDER.iterdir()))
        print(f"want INSTANCE QUESTION PLAN.csv; instances: {names}", file=sys.stderr)
        return 2
    with Path(arguments[2]).open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.reader(file) if line]
    try:
        value, best, as_good = judged(folder, arguments[1], lines)
    except ValueError as wrong:
        print(f"not a plan: {wrong}")
        return 1
    print(f"{arguments[0]} {arguments[1]}: {value}, best {best}: {'as good' if as_good else 'worse'}")
    return 0 if as_good else 1


def judged(
    folder: Path, question: str, lines: list[list[str]]
) -> tuple[float | Stages, float | Stages, bool]:
    """What a plan is worth, the best there is, and whether it is as good."""
    if (folder / "teams.csv").exists():
        known = read_dispatch(folder)
        stages = known.value({line[0]: line[1] for line in lines})
        return stages, known.best, stages <= known.best
    asked = next((one for one in QUESTIONS if one == question), None)
    if asked is None:
        raise ValueError(f"want a question of {', '.join(QUESTIONS)}")
    siting = read_siting(folder)
    value, best = siting.value(asked, [line[0] for line in lines]), siting.best[asked]
    return value, best, value >= best - 1e-6 if asked == "mclp" else value <= best + 1e-6


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
