"""The peers of the siting suite, run in an environment of their own: spopt with CBC and with HiGHS.

``python -m benchmarks.siting_peers FILE.npz PEER LIMIT_S`` answers one JSON line: seconds for building and
for solving, and the people covered. Its own process, because HiGHS's package cannot share one with OR-Tools.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any

import numpy as np


def main(file: str, peer: str, limit_s: float) -> None:
    """Cover the most people with a peer and print what it took."""
    with np.load(file) as stored:
        times, people, limit, places = (stored[name] for name in ("times", "people", "limit", "places"))
    begun = time.perf_counter()
    model = import_module("spopt.locate").MCLP.from_cost_matrix(
        times, people, float(limit), p_facilities=int(places)
    )
    built = time.perf_counter()
    sys.stdout, answers = sys.stderr, sys.stdout  # solvers print: their words must not stand in the answer
    solved = model.solve(_solver(peer, limit_s))
    took = time.perf_counter()
    print(
        json.dumps(
            {
                "build_s": built - begun,
                "solve_s": took - built,
                "people": float(solved.problem.objective.value()),
                "optimal": int(solved.problem.sol_status) == 1,
            }
        ),
        file=answers,
    )


def _solver(peer: str, limit_s: float) -> Any:
    pulp = import_module("pulp")
    if peer == "spopt+CBC":
        return pulp.PULP_CBC_CMD(msg=False, timeLimit=limit_s, threads=1)
    return pulp.HiGHS(msg=False, timeLimit=limit_s, threads=1)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
