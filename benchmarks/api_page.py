"""The desk's page in headless Chromium with software rendering: from its address to a map ready to use."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.api_server import Served, cpu_of_all_s, serving
from benchmarks.registry import Options, Row, case

if TYPE_CHECKING:
    from playwright.sync_api import Browser  # the browser is started by this case alone

ARGUMENTS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RUNS, QUICK_RUNS = 5, 3
MOST_S = 3.0
"""Asked: ready to use on Pingluo."""


@case("api", "page", quick=True)
def page(options: Options) -> Iterator[Row]:
    """Opened by somebody who is signed in, nothing cached; ready: every layer and the roads are drawn."""
    chromium = Path(os.environ.get("MUSTER_CHROMIUM", "/usr/bin/chromium"))
    if not chromium.exists():
        yield _row([], verified=None, note=f"skipped: no Chromium at {chromium}")
        return
    with serving(MUSTER_WORKERS="1") as served:
        served.warm()
        runs = QUICK_RUNS if options.quick else RUNS
        found = _opened(served, chromium, runs + 1)[1:]  # the first makes the browser's own caches
    seconds = [one.ready_s for one in found]
    cost = [one.cpu_s for one in found if one.cpu_s is not None]
    note = f"worst {max(seconds):.2f} s" + (f"; {median(cost):.2f} s CPU, browser and server" if cost else "")
    yield _row(seconds, verified=all(one.whole for one in found), note=note)


def _row(seconds: list[float], *, verified: bool | None, note: str) -> Row:
    return Row(
        suite="api",
        case="page",
        metric="desk of Pingluo ready to use, software rendering",
        unit="s",
        ours=median(seconds) if seconds else None,
        asked=MOST_S,
        verified=verified,
        quick=True,
        runs=len(seconds),
        note=note,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening: seconds from navigation to ready, whether all was on the map, CPU seconds of all parts."""

    ready_s: float
    whole: bool
    cpu_s: float | None


def _opened(served: Served, chromium: Path, runs: int) -> list[Opened]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        found = [_once(served, browser) for _ in range(runs)]
        browser.close()
    return found


def _once(served: Served, browser: "Browser") -> Opened:
    """In a context of its own, which has nothing cached."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_init_script(f"sessionStorage.setItem('muster-key', '{served.key}')")
    window, before = context.new_page(), cpu_of_all_s(os.getpid())
    window.goto(f"http://127.0.0.1:{served.port}/")
    window.wait_for_selector("html[data-ready]", timeout=120_000)
    after = cpu_of_all_s(os.getpid())
    ready_ms = float(window.evaluate("document.documentElement.dataset.ready"))
    drawn = window.evaluate("[...new Set(map.queryRenderedFeatures().map(one => one.source))]")
    context.close()
    return Opened(
        ready_s=ready_ms / 1000,
        whole={"roads", "teams", "stations"} <= set(drawn),
        cpu_s=None if before is None or after is None else after - before,
    )
