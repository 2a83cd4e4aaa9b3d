"""``muster demo``: from the shipped region to plans and their pages."""

from pathlib import Path
from typing import Annotated

import typer

from api.terminal import progress_bar, say

INCIDENTS = ("chlorine-leak", "ammonia-release", "flash-flood")
"""Shipped incidents that the demonstration answers."""
RESERVE = "reserve-1200"
"""Shipped reserve question; ``muster stock reserve-1200`` adds curve, other rules and fresh scenarios."""


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("demo"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> int:
    """Plan fire stations and the reserve, answer three incidents for Pingluo county; verify all. 演示."""
    from api.site_run import run_site, site_lines
    from scenarios.check import check_plan
    from scenarios.shipped import DATA

    say("Pingluo county (平罗县): where to build three township fire stations?")
    with progress_bar(quiet=quiet) as progress:
        run = run_site(DATA / "three-stations.yaml", None, out / "three-stations", progress)
    for line in site_lines(run.plan):
        say(line)
    report = check_plan(run.written[0])
    say(f"verified without a solver: {'yes' if report.holds else 'NO'}")
    say(f"open this page: {run.page}")
    held = [_reserve(out, quiet=quiet), *(_incident(name, out, quiet=quiet) for name in INCIDENTS)]
    return run.plan.exit_code if report.holds and all(held) else 3


def _reserve(out: Path, *, quiet: bool) -> bool:
    """Plan the material reserve for 1,200 people; whether the plan holds."""
    from api.stock_run import run_stock, stock_lines
    from scenarios.reserve_check import check_reserve
    from scenarios.shipped import DATA

    say("")
    with progress_bar(quiet=quiet) as progress:
        run = run_stock(DATA / f"{RESERVE}.yaml", None, out / RESERVE, progress, quick=True)
    for line in stock_lines(run.plan):
        say(line)
    report = check_reserve(run.written[0])
    say(f"verified without a solver: {'yes' if report.holds else 'NO'}")
    say(f"open this page: {run.page}")
    return report.holds


def _incident(name: str, out: Path, *, quiet: bool) -> bool:
    """Answer one shipped incident; whether the plan holds."""
    from api.dispatch_run import dispatch_lines, run_dispatch
    from scenarios.dispatch_check import check_dispatch
    from scenarios.shipped import DATA

    say("")
    with progress_bar(quiet=quiet) as progress:
        run = run_dispatch(DATA / "incidents" / f"{name}.yaml", None, None, out / name, progress)
    for line in dispatch_lines(run):
        say(line)
    report = check_dispatch(run.written[0])
    say(f"verified without a solver: {'yes' if report.holds else 'NO'}")
    say(f"open this page: {run.page}")
    return report.holds
