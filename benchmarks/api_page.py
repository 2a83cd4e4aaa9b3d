"""The desk's page in headless Chromium with software rendering: from its address to a map ready to use."""

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.api_server import Served, serving
from benchmarks.registry import Options, Row, case

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
    seconds = [one for one, _ in found]
    yield _row(seconds, verified=all(whole for _, whole in found), note=f"worst {max(seconds):.2f} s")


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


def _opened(served: Served, chromium: Path, runs: int) -> list[tuple[float, bool]]:
    """Seconds from navigation to ready, and whether roads and teams were on the map, for each run."""
    from playwright.sync_api import sync_playwright

    address, found = f"http://127.0.0.1:{served.port}", []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        for _ in range(runs):
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.add_init_script(f"sessionStorage.setItem('muster-key', '{served.key}')")
            window = context.new_page()
            window.goto(f"{address}/")
            window.wait_for_selector("html[data-ready]", timeout=120_000)
            ready_ms = float(window.evaluate("document.documentElement.dataset.ready"))
            drawn = window.evaluate("[...new Set(map.queryRenderedFeatures().map(one => one.source))]")
            found.append((ready_ms / 1000, {"roads", "teams", "stations"} <= set(drawn)))
            context.close()
        browser.close()
    return found
