"""``muster ensemble``: one scenario many times, on all cores or on a cluster."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.plans import Quiet, ScenarioPath, shipped
from api.terminal import progress_bar, say


def ensemble(
    scenario: ScenarioPath,
    region: Annotated[Path | None, typer.Option(help="Region in place of the scenario's own.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Processes; as many as this machine has processors.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="A Dask scheduler in place of processes.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the results; SCENARIO-runs.")] = None,
    quiet: Quiet = False,
) -> int:
    """Run a scenario many times with changed values; what is done is kept and not done again. 情景集合."""
    import os

    from api.ensemble_run import ensemble_lines, nothing_ran, run_ensemble

    file = shipped(scenario)
    with progress_bar(quiet=quiet) as progress:
        run = run_ensemble(
            file,
            region,
            out or Path(f"{file.stem}-runs"),
            progress,
            workers=workers or os.cpu_count() or 1,
            cluster=cluster,
        )
    for line in ensemble_lines(run):
        say(line)
    return 2 if nothing_ran(run.result) else 0
