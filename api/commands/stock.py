"""``muster stock``: what to keep in the material reserve."""

import os
from pathlib import Path
from typing import Annotated

import typer

from api.commands.plans import Quiet, ScenarioPath, shipped
from api.terminal import progress_bar, say


def stock(
    scenario: ScenarioPath,
    region: Annotated[Path | None, typer.Option(help="Region in place of the scenario's own.")] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="Your own stock (.xlsx or .csv) in place of the region's.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="Mapping file for the ledger's own headers.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the plan; SCENARIO-plan.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="The plan alone: no other rules, curve or fresh scenarios.")
    ] = False,
    test: Annotated[
        int | None, typer.Option(min=2, max=5000, help="Play the deliveries in so many fresh scenarios.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Cores that compute scenarios; 0 = all. The plan is the same.")
    ] = 0,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, tcp://HOST:PORT (extra cluster).")
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Choose what the reserve holds, where and how; exit code 1 when no plan keeps every rule. 物资储备."""
    from api.stock_run import OwnLedger, run_stock, stock_lines, written_lines

    file = shipped(scenario)
    own = None if ledger is None else OwnLedger(file=ledger, mapping=mapping)
    with progress_bar(quiet=quiet) as progress:
        run = run_stock(
            file,
            region,
            out or Path(f"{file.stem}-plan"),
            progress,
            ledger=own,
            quick=quick,
            test=test,
            workers=workers or os.cpu_count() or 1,
            cluster=cluster,
        )
    for line in (*stock_lines(run.plan), *written_lines(run)):
        say(line)
    return run.plan.exit_code
