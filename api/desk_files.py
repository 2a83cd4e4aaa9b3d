"""Files of the desk, the page in the browser: as built from ``web/`` into ``api/static``."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

PAGE = "index.html"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: its own files and this server's answers, nothing from anywhere else."""
_KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".html": "text/html"}
_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Muster</title>
<p>地图页面尚未构建：请运行 <code>python dev.py web</code>（需要能访问 npm 源）。HTTP 接口照常可用。</p>
<p lang="en">The desk was not built: run <code>python dev.py web</code> where the npm registry can be
reached. The HTTP interface works all the same.</p></html>
"""


@dataclass(frozen=True, slots=True)
class DeskFile:
    """One file, as it is and packed; ``lasting``: its name changes with its content."""

    content: bytes
    packed: bytes
    media_type: str
    lasting: bool


def desk_page() -> DeskFile:
    """The page, or one that says how to build it."""
    built = _static().joinpath(PAGE)
    if built.is_file():
        return _read(built, lasting=False)
    return _as_file(_NOT_BUILT.encode(), "text/html; charset=utf-8", lasting=False)


@cache
def desk_file(name: str) -> DeskFile | None:
    """A script or style sheet of the page by its name; None where there is none of that name."""
    folder = _static().joinpath("desk")
    if not folder.is_dir():
        return None
    found = {one.name: one for one in folder.iterdir() if one.is_file()}
    return _read(found[name], lasting=True) if name in found else None


def _static() -> Traversable:
    return files("api").joinpath("static")


def _read(file: Traversable, *, lasting: bool) -> DeskFile:
    ending = f".{file.name.rpartition('.')[2]}"
    kind = _KINDS.get(ending) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return _as_file(file.read_bytes(), kind + charset, lasting=lasting)


def _as_file(content: bytes, media_type: str, *, lasting: bool) -> DeskFile:
    return DeskFile(content, gzip.compress(content, 6, mtime=0), media_type, lasting)
