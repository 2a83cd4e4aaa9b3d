"""``muster dispatch``: whom to send to an incident."""

from pathlib import Path
from typing import Annotated

import typer

from api.terminal import progress_bar, say


def dispatch(
    incident: Annotated[
        Path, typer.Argument(metavar="INCIDENT", help="Incident file (YAML), or the name of a shipped one.")
    ],
    region: Annotated[Path | None, typer.Option(help="Region in place of the scenario's own.")] = None,
    board: Annotated[
        Path | None, typer.Option(help="Where each team is and what it does now (JSON).")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each team goes.")] = False,
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", help="'without TEAM', 'close ROAD' or 'wind +45'; may be repeated."),
    ] = None,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Floods also at half and double depth.")
    ] = False,
    refine: Annotated[
        bool, typer.Option("--refine", help="Least weighted sum of completion times, with its gap.")
    ] = False,
    present: Annotated[
        Path | None, typer.Option("--replan", metavar="PLAN", help="Plan in force; say only what changes.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the plan; INCIDENT-plan.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> int:
    """Whom to send to an incident, by which road, and why. 应急调度."""
    from api.dispatch_run import dispatch_lines, reason_lines, run_dispatch, written_lines

    file = shipped_incident(incident)
    with progress_bar(quiet=quiet) as progress:
        run = run_dispatch(
            file,
            region,
            board,
            out or Path(f"{file.stem}-plan"),
            progress,
            what_ifs=what_if or (),
            present=present,
            sensitivity=sensitivity,
            refine=refine,
        )
    reasons = reason_lines(run) if explain else ()
    for line in (*dispatch_lines(run), *reasons, *written_lines(run)):
        say(line)
    return run.plan.exit_code


def shipped_incident(incident: Path) -> Path:
    """The file itself, or the incident of that name that Muster ships."""
    from scenarios.shipped import DATA

    ours = DATA / "incidents" / f"{incident.name}.yaml"
    return ours if not incident.exists() and incident.suffix == "" and ours.exists() else incident
