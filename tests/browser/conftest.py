"""A headless Chromium with software WebGL, and pages opened from disk that watch what they load."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from scenarios.report.bundle import built_bundle
from tests.conftest import ROOT

ARGUMENTS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
WITHOUT_WEBGL = ["--no-sandbox", "--disable-gpu", "--disable-webgl", "--disable-webgl2", "--disable-3d-apis"]
PATIENCE_MS = 120_000  # software WebGL on a busy machine is slow, not broken
SCREEN = {"width": 1366, "height": 768}
SCREENSHOTS = Path(os.environ.get("MUSTER_SCREENSHOTS") or ROOT / "out" / "screenshots")


@dataclass
class Visit:
    """An open page, and all that it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def wait_for_map(self) -> None:
        """Until the interactive map has drawn everything."""
        self.page.evaluate(
            "new Promise(done => { window.map.once('idle', done); window.map.triggerRepaint(); })"
        )

    def text(self, selector: str) -> str:
        """Words of an element as a reader sees them."""
        return self.page.locator(selector).first.inner_text()

    def screenshot(self, name: str, *, full: bool = False) -> None:
        """Keep a picture to look at, in a folder that git ignores."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full)


Visitor = Callable[..., Visit]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with WebGL in software."""
    browser = launch(playwright, ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def chromium_without_webgl(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as on a machine whose graphics cannot be used."""
    browser = launch(playwright, WITHOUT_WEBGL)
    yield browser
    browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visitor]:
    """Opens a file in a fresh window."""
    yield from visitor(chromium)


@pytest.fixture
def visit_without_webgl(chromium_without_webgl: Browser) -> Iterator[Visitor]:
    """Opens a file in a fresh window of a browser without WebGL."""
    yield from visitor(chromium_without_webgl)


@pytest.fixture(scope="session")
def built() -> None:
    """The interactive map must have been built."""
    if built_bundle() is None:
        missing("the interactive map was not built (python dev.py web)")


def launch(playwright: Playwright, arguments: list[str]) -> Browser:
    """Start the Chromium of the machine, or of ``MUSTER_CHROMIUM``."""
    path = Path(os.environ.get("MUSTER_CHROMIUM", "/usr/bin/chromium"))
    if not path.exists():
        missing(f"needs Chromium at {path} (set MUSTER_CHROMIUM)")
    return playwright.chromium.launch(executable_path=path, args=arguments)


def missing(reason: str) -> None:
    """Skip visibly, or fail where everything is required."""
    if os.environ.get("MUSTER_REQUIRE_DATA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def visitor(browser: Browser) -> Iterator[Visitor]:
    """A function that opens files, and closes its windows afterwards."""
    contexts: list[BrowserContext] = []

    def open_file(file: Path, *, language: str = "zh", **options: Any) -> Visit:
        context = browser.new_context(viewport=options.pop("viewport", SCREEN), **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        seen = Visit(context.new_page())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda message: seen.complaints.append(f"{message.type}: {message.text}"))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.goto(f"{file.as_uri()}#{language}")
        return seen

    yield open_file
    for context in contexts:
        context.close()
