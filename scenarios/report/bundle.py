"""The interactive map as built from ``web/``: one script and one style sheet that go into the page."""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

SCRIPT, STYLE = "report.js", "report.css"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Script and style sheet of the interactive map, safe to stand inside HTML elements."""

    script: str
    style: str


def built_bundle(folder: Traversable | None = None) -> Bundle | None:
    """The built map, or None where it was not built; ``folder`` is that of the package unless given."""
    folder = folder or files("scenarios.report").joinpath("assets/built")
    script, style = folder.joinpath(SCRIPT), folder.joinpath(STYLE)
    if not (script.is_file() and style.is_file()):
        return None
    return Bundle(
        inline_script(script.read_text(encoding="utf-8")),
        style.read_text(encoding="utf-8").replace("</", "<\\/"),
    )


def inline_script(code: str) -> str:
    """Code that HTML cannot mistake for the end of its element.

    ``</script`` and ``<!--`` occur only in strings and patterns, where a backslash before ``/`` or ``!``
    changes nothing (HTML Living Standard, section 4.12.1.3).
    """
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
