"""Pages and folders of results written to disk, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import refuse
from geo.region.atomic import replacing, replacing_together
from scenarios.report.page import Page, render

ENDINGS = (".html", ".htm")


PAGE = "plan.html"
"""Name of the page in a folder of results."""
PLAN = "plan.json"
"""Name of the plan, the file that a folder of results is known by."""


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """What goes wrong on the disk inside the block becomes ``InputError`` P110 about this folder."""
    try:
        yield
    except OSError as error:
        raise refuse(
            "P110",
            where=str(folder),
            found=error.strerror or str(error),
            wanted="a folder that can be written",
            fix="Close programs that hold the files, and check space and permissions.",
        ) from error


@contextmanager
def results_into(folder: Path) -> Iterator[Path]:
    """A scratch folder for all files of a plan; they replace the old ones together, the plan last.

    Raises
    ------
    InputError
        P110 when the folder cannot be written, at once and not after the computation.
    """
    with writable(folder), replacing_together(folder, last=PLAN) as scratch:
        yield scratch


def write_page(page: Page, path: Path) -> None:
    """Render a page into one HTML file.

    Raises
    ------
    InputError
        F302 when the file cannot be written, F306 when its ending is not that of a page.
    """
    if path.suffix.lower() not in ENDINGS:
        raise refuse(
            "F306",
            where=str(path),
            found=f"the ending {path.suffix!r}",
            wanted="a page, NAME.html",
            fix="Give the page a name of its own; what lies there is not touched.",
        )
    try:
        with replacing(path) as beside:
            beside.write_text(render(page), encoding="utf-8", newline="\n")
    except OSError as error:
        raise refuse(
            "F302",
            where=str(path),
            found=error.strerror or str(error),
            wanted="a file that can be written",
            fix="Close programs that hold the file, and check space and permissions.",
        ) from error
