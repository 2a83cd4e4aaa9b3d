"""``muster site``, ``muster check``, ``muster schema``: plans made, verified, described."""

from pathlib import Path
from typing import Annotated

import typer

from api.terminal import progress_bar, say

ScenarioPath = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="Scenario file (YAML), or the name of a shipped one.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]


def site(
    scenario: ScenarioPath,
    region: Annotated[Path | None, typer.Option(help="Region in place of the scenario's own.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the plan; SCENARIO-plan.")] = None,
    drawn: Annotated[
        str | None,
        typer.Option(help="Your own plan beside it: site ids joined by commas, or a map file of points."),
    ] = None,
    drill: Annotated[
        str | None, typer.Option(help="Test the plan by this drill: a file, or the name of a shipped one.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=2, help="Of that drill; drill-year where none is named.")
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Choose sites, or a park's hydrants; exit code 1 when no plan keeps every rule. 站点选址、园区消防."""
    from api.site_run import run_site, site_lines, written_lines
    from scenarios.files import scenario_kind

    file = shipped(scenario)
    if scenario_kind(file) == "park":
        return _park(file, region, out, drawn, tested=drill or replications, quiet=quiet)
    folder = out or Path(f"{file.stem}-plan")
    with progress_bar(quiet=quiet) as progress:
        run = run_site(file, region, folder, progress, drawn, drill=drill, replications=replications)
    for line in (*site_lines(run.plan), *written_lines(run)):
        say(line)
    return run.plan.exit_code


def _park(
    file: Path,
    region: Path | None,
    out: Path | None,
    drawn: str | None,
    *,
    tested: str | int | None,
    quiet: bool,
) -> int:
    """A scenario of kind ``park``; a drawn plan and a drill are of sites and have no meaning here."""
    from api.park_run import park_lines, run_park
    from geo.errors import refuse

    if drawn is not None or tested is not None:
        option, what = ("--drawn", "a drawn plan") if drawn is not None else ("--drill", "a drill")
        raise refuse(
            "S160",
            where=option,
            found=f"{what} beside a park",
            wanted="a scenario of kind siting",
            fix=f"Leave out {option}.",
        )
    with progress_bar(quiet=quiet) as progress:
        run = run_park(file, region, out or Path(f"{file.stem}-plan"), progress)
    for line in park_lines(run):
        say(line)
    return run.plan.exit_code


def check(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan file (JSON).")],
    region: Annotated[Path | None, typer.Option(help="Region, where the run record does not say.")] = None,
) -> int:
    """Verify a plan from its inputs without a solver; exit code 2 when something does not hold. 校验方案."""
    from scenarios.verify import verify

    report = verify(plan, region)
    for fault in report.faults:
        say(str(fault))
    if report.holds:
        say(f"verified: {', '.join(report.verified)}")
    for trusted in report.trusted:
        say(f"not verifiable without a solver: {trusted}")
    return 0 if report.holds else 2


def schema(
    of: Annotated[
        str,
        typer.Argument(
            metavar="FORM",
            help="region, scenario, plan, incident, dispatch-plan, park, park-plan, reserve, reserve-plan,"
            " drill, drill-report, ensemble, doctrine or board.",
        ),
    ],
) -> int:
    """Print the JSON Schema of a file form. 文件格式定义."""
    import json

    from geo.errors import refuse
    from scenarios.schemas import FORMS

    if of not in FORMS:
        raise refuse(
            "F303",
            where="muster schema",
            found=repr(of),
            wanted=f"one of {', '.join(FORMS)}",
            fix="Choose one of these forms.",
        )
    say(json.dumps(FORMS[of](), ensure_ascii=False, indent=1))
    return 0


def shipped(scenario: Path) -> Path:
    """The file itself, or the scenario of that name that Muster ships."""
    from scenarios.shipped import DATA

    ours = DATA / f"{scenario.name}.yaml"
    return ours if not scenario.exists() and scenario.suffix == "" and ours.exists() else scenario
