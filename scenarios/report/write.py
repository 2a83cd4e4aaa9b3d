"""Pages written to disk, whole or not at all."""

from pathlib import Path

from geo.errors import refuse
from geo.region.atomic import replacing
from scenarios.report.page import Page, render

ENDINGS = (".html", ".htm")


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
