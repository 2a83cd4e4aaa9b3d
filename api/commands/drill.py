"""``muster drill``: calls played through the region's teams and roads."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.plans import Quiet, ScenarioPath, shipped
from api.terminal import progress_bar, say


def drill(
    scenario: ScenarioPath,
    replications: Annotated[
        int | None, typer.Option("--replications", "-n", min=1, help="In place of the scenario's number.")
    ] = None,
    region: Annotated[Path | None, typer.Option(help="Region in place of the scenario's own.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the report; SCENARIO-plan.")] = None,
    quiet: Quiet = False,
) -> int:
    """Simulate calls, teams and roads; report, trace and page. 演练模拟."""
    from api.drill_run import drill_lines, run_drill, written_lines

    file = shipped(scenario)
    with progress_bar(quiet=quiet) as progress:
        run = run_drill(file, region, out or Path(f"{file.stem}-plan"), progress, replications=replications)
    for line in (*drill_lines(run.report), *written_lines(run)):
        say(line)
    return run.report.exit_code
