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
    replay_from: Annotated[
        float | None,
        typer.Option(min=0, help="Hour of the drill at which the page's replay begins; else the busiest."),
    ] = None,
    replay_hours: Annotated[float, typer.Option(max=168, help="Hours that the page replays.")] = 24.0,
    region: Annotated[Path | None, typer.Option(help="Region in place of the scenario's own.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the report; SCENARIO-plan.")] = None,
    quiet: Quiet = False,
) -> int:
    """Simulate calls, teams and roads; report, trace and page. 演练模拟."""
    from api.drill_run import drill_lines, run_drill, written_lines

    file = shipped(scenario)
    with progress_bar(quiet=quiet) as progress:
        run = run_drill(
            file,
            region,
            out or Path(f"{file.stem}-plan"),
            progress,
            replications=replications,
            replay_from_h=replay_from,
            replay_hours=replay_hours,
        )
    for line in (*drill_lines(run.report), *written_lines(run)):
        say(line)
    return run.report.exit_code
