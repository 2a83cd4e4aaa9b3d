"""The desk in headless Chromium on a real server, and what a person does at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import SCREENSHOTS
from tests.conftest import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 45_000
LAPTOP = {"width": 1366, "height": 768}
WALL = {"width": 3840, "height": 2160}


@dataclass
class DeskVisit:
    """An open desk, what it asked of others than its server, and what it complained about."""

    page: Page
    address: str
    abroad: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def at(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def sign_in(self, key: str) -> None:
        """With a key, until the map has drawn everything."""
        self.at("#key").fill(key)
        self.at("#login").click()
        self.page.wait_for_selector("html[data-ready]")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def report_chlorine(self) -> None:
        """A rail car leaks at the park, wind from the north-west; by keyboard as far as a form goes."""
        self.press("n")
        self.at("#report-site").select_option("fine-chemical-park-tank-3")
        self.at("#report-container").select_option("rail_car")
        self.at("[data-keep='wind-NW']").click()
        self.at("#report-speed").fill("2")
        self.at("#report-cloud").fill("2")
        self.at("#report-send").click()
        self.wait_plan("proposed")

    def wait_plan(self, status: str) -> None:
        self.page.wait_for_selector(f"#plan-status[data-status={status}]")

    def wait_incident(self) -> None:
        self.page.wait_for_selector("#incident-title")

    def commit(self) -> None:
        self.press("c")
        self.at("#commit-send").click()
        self.wait_plan("committed")

    def issue_report(self, kind: str) -> None:
        """From the tab of the record; the report is shown at once."""
        self.at("#report-kind").select_option(kind)
        self.at("#report-issue").click()
        self.page.wait_for_selector(f"#report-sheet[data-kind={kind}]")

    def close_road_at(self, lon: float, lat: float, road: str) -> None:
        """Click the road on the map after ``X``, and send."""
        self.page.evaluate(f"void map.jumpTo({{center: [{lon}, {lat}], zoom: 15}})")
        self.page.evaluate("new Promise(done => { map.once('idle', done); map.triggerRepaint(); })")
        self.press("x")
        canvas = self.at(".map-canvas canvas")
        canvas.click()
        assert road in self.at("dialog").inner_text()
        self.at("#closure-send").click()
        self.page.wait_for_selector(".closures li")

    def box(self, selector: str) -> dict[str, float]:
        """Where the first such element stands, measured at once: a page may be painted anew at any time."""
        found: dict[str, float] = self.page.evaluate(
            "one => document.querySelector(one).getBoundingClientRect().toJSON()", selector
        )
        return found

    def drawn(self, source: str) -> int:
        """Features of a source that the map has on the screen."""
        return int(
            self.page.evaluate("s => map.queryRenderedFeatures().filter(f => f.source === s).length", source)
        )

    def screenshot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def serious_faults(self) -> list[str]:
        """Faults of accessibility that axe-core calls serious or critical."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(f"void (() => {{ {AXE.read_text(encoding='utf-8')} }})()")
        found, passed = self.page.evaluate("axe.run(document).then(r => [r.violations, r.passes.length])")
        assert passed > 5, "axe looked at something"
        return [
            f"{one['id']} at {node['target']}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]


@contextmanager
def desk_visit(
    browser: Browser,
    address: str,
    *,
    language: str = "zh",
    theme: str = "dark",
    screen: dict[str, int] | None = None,
) -> Iterator[DeskVisit]:
    """A fresh window on the desk."""
    context = browser.new_context(viewport=screen or LAPTOP)  # type: ignore[arg-type]  # a TypedDict of playwright
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(
        f"localStorage.setItem('muster-language', '{language}');"
        f" localStorage.setItem('muster-theme', '{theme}')"
    )
    page = context.new_page()
    seen = DeskVisit(page, address)
    page.on("request", lambda request: _watch(seen, request.url))
    page.on("console", lambda message: seen.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(f"{address}/")
    try:
        yield seen
    finally:
        context.close()


def _watch(seen: DeskVisit, url: str) -> None:
    if not url.startswith((f"{seen.address}/", "blob:", "data:")):
        seen.abroad.append(url)
