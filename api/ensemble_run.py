"""One ensemble as the command line runs it: read, run, write; and what to say of it."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.region.atomic import replacing
from geo.region.files import read_region
from optimizer.watch import Progress
from scenarios.ensemble import EnsembleResult, ensemble
from scenarios.ensemble_models import EnsembleScenario
from scenarios.ensemble_store import MEMBERS
from scenarios.files import read_scenario, region_path
from scenarios.report.ensemble_page import ensemble_page
from scenarios.report.write import writable, write_page
from scenarios.task_cluster import Cluster
from scenarios.task_pool import Processes

PAGE, SUMMARY = "ensemble.html", "summary.csv"
_HEADS = (
    "runs", "figure", "count", "mean", "half_width", "least", "p05", "p50", "p95", "most",
    "against_first", "against_first_half_width",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnsembleRun:
    """A result and its files: members, summary, page."""

    result: EnsembleResult
    members: Path
    summary: Path
    page: Path


def run_ensemble(
    scenario_file: Path,
    region_file: Path | None,
    out: Path,
    progress: Progress | None,
    *,
    workers: int,
    cluster: str | None,
) -> EnsembleRun:
    """Run an ensemble, or what is missing of it, and write members, summary and page into a folder.

    Raises
    ------
    InputError
        For every fault of the files, the folder or the cluster.
    """
    scenario = read_scenario(scenario_file, EnsembleScenario)
    region = read_region(region_file or region_path(scenario, scenario_file))

    def show(result: EnsembleResult) -> None:
        write_page(ensemble_page(result), out / PAGE)

    with writable(out):
        result = ensemble(
            region,
            scenario,
            beside=scenario_file.parent,
            out=out,
            engine=Processes(workers) if cluster is None else Cluster(cluster),
            progress=progress,
            partial=show,
        )
        show(result)
        with replacing(out / SUMMARY) as beside:
            beside.write_text(summary_csv(result), encoding="utf-8-sig", newline="")
    return EnsembleRun(result, out / MEMBERS, out / SUMMARY, out / PAGE)


def summary_csv(result: EnsembleResult) -> str:
    """A line for each combination and figure."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([*result.values(0), *_HEADS])
    for one in result.combinations:
        values = list(result.values(one.number).values())
        for figure in one.figures:
            mean, half = figure.against_first or (None, None)
            lines.writerow(
                [
                    *values, one.runs, figure.name, figure.count, figure.mean, figure.half_width,
                    figure.least, figure.p05, figure.p50, figure.p95, figure.most, mean, half,
                ]
            )  # fmt: skip
    return text.getvalue()


def nothing_ran(result: EnsembleResult) -> bool:
    """Whether every member ended in a fault of its input, so that no figure stands for anything."""
    ended = [status for one in result.combinations for status in one.statuses]
    return result.whole and all(re.fullmatch(r"[A-Z]\d{3}", status) for status in ended)


def ensemble_lines(run: EnsembleRun) -> Iterator[str]:
    """What came of it: how the runs ended, where the figures lie."""
    result = run.result
    section = result.scenario.ensemble
    name = result.scenario.name_en or result.scenario.name_zh or "ensemble"
    yield f"{name}: {result.done:,} of {section.members:,} runs, {section.combinations:,} combinations"
    for one in result.combinations[:20]:
        values = ", ".join(f"{path} {result.values(one.number)[path]}" for path in result.swept)
        ended = ", ".join(f"{count} {status or 'done'}" for status, count in one.statuses.items())
        yield f"  {values or 'as it is'}: {ended or 'not run yet'}"
    if len(result.combinations) > 20:
        yield f"  and {len(result.combinations) - 20} more"
    if nothing_ran(result):
        yield "not one member could be run: the codes above say why (docs/errors.md)"
    if result.whole:
        yield f"runs: {run.members}"
    yield f"summary: {run.summary}"
    yield f"page: {run.page}"
