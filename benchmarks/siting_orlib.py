"""OR-Library files from any folder: medians, centers and warehouses against their published optima."""

from collections.abc import Iterator
from time import perf_counter, process_time

import numpy as np

from benchmarks.orlib import (
    CAPACITY_OPTIMA,
    CENTER_OPTIMA,
    MEDIAN_OPTIMA,
    WAREHOUSE_OPTIMA,
    read_cap,
    read_pmed,
)
from benchmarks.registry import Options, Row, case
from optimizer.check import violations
from optimizer.problem import SitingProblem
from optimizer.siting.center import p_center
from optimizer.siting.median import p_median
from optimizer.siting.warehouse import warehouse_location

_HARD = {16, 17}
"""Files of 400 nodes or more with p of 5 or 10: a proof is an aim, not asked for."""


@case("siting", "pmed-median", quick=True)
def medians(options: Options) -> Iterator[Row]:
    """pmed1 to pmed20 as p-median; the first five with ``--quick``."""
    for k, optimum in enumerate(MEDIAN_OPTIMA[: 5 if options.quick else 20], start=1):
        yield _row(options, k, optimum, "p_median", asked=60.0, to_prove=k not in _HARD)


@case("siting", "pmed-center", quick=True)
def centers(options: Options) -> Iterator[Row]:
    """pmed1 to pmed15 as p-center; the first five with ``--quick``."""
    for k, optimum in enumerate(CENTER_OPTIMA[: 5 if options.quick else 15], start=1):
        yield _row(options, k, optimum, "p_center", asked=1.0, to_prove=True)


def _row(options: Options, k: int, optimum: int, question: str, *, asked: float, to_prove: bool) -> Row:
    name = f"pmed{k}-{question}"
    file = options.data / "siting" / "pmed" / f"pmed{k}.txt" if options.data else None
    if file is None or not file.exists():
        return Row(suite="siting", case=name, metric="CPU time", unit="s", note="file not there")
    distance, p = read_pmed(file)
    n = len(distance)
    problem = SitingProblem(
        response_s=distance,
        people=np.ones(n, np.int64),
        limit_s=np.full(n, 1e6),
        fixed=np.zeros(n, np.bool_),
        places=p,
    )
    model = p_median if question == "p_median" else p_center
    model(problem)  # compiled, loaded and warm
    cpu, wall = process_time(), perf_counter()
    answer = model(problem)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    proven = answer.status == "optimal"
    return Row(
        suite="siting",
        case=name,
        metric="CPU time to proof" if proven else "CPU time",
        unit="s",
        ours=cpu,
        asked=asked,
        verified=answer.objective == optimum and (proven or not to_prove) and not violations(problem, answer),
        quick=True,
        runs=1,
        note=f"n {n}, p {p}: found {answer.objective:g}, published {optimum}, gap {answer.gap:.2g},"
        f" wall {wall:.2f} s",
    )


@case("siting", "warehouses", quick=True)
def warehouses(options: Options) -> Iterator[Row]:
    """Uncapacitated and capacitated warehouse files."""
    for capacitated, optima in ((False, WAREHOUSE_OPTIMA), (True, CAPACITY_OPTIMA)):
        for name, optimum in optima.items():
            case_name = f"{name}-{'capacitated' if capacitated else 'uncapacitated'}"
            file = options.data / "siting" / "cap" / f"{name}.txt" if options.data else None
            if file is None or not file.exists():
                yield Row(suite="siting", case=case_name, metric="CPU time", unit="s", note="file not there")
                continue
            problem = read_cap(file, capacitated=capacitated)
            warehouse_location(problem)
            cpu = process_time()
            answer = warehouse_location(problem)
            cpu = process_time() - cpu
            assert answer.cost is not None
            yield Row(
                suite="siting",
                case=case_name,
                metric="CPU time to proof",
                unit="s",
                ours=cpu,
                verified=abs(answer.cost - optimum) <= 1e-6 * optimum and answer.status == "optimal",
                quick=True,
                runs=1,
                note=f"found {answer.cost:,.3f}, published {optimum:,.3f}",
            )
