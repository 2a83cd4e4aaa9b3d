"""The desk in the browser: its page, and the tiles of the roads that its map draws."""

import os
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from api.byte_range import asked_range
from api.deps import needs
from api.desk_files import POLICY, DeskFile, desk_file, desk_page
from api.map_tiles import MapTiles
from api.problems import Problem
from api.schemas.edge import RecordId, problems

page = APIRouter(include_in_schema=False)
router = APIRouter(prefix="/region", tags=["region"], dependencies=[needs("read")])
TILES = "application/vnd.pmtiles"
_BYTES: dict[str, Any] = {TILES: {"schema": {"type": "string", "format": "binary"}}}


@page.get("/")
def desk(request: Request) -> Response:
    """The page; it asks for a key itself."""
    return _answer(desk_page(), request)


@page.get("/desk/{name}")
def part(name: RecordId, request: Request) -> Response:
    """A script or style sheet of the page."""
    found = desk_file(name)
    if found is None:
        raise Problem("A117", 404, f"no file {name} of the desk")
    return _answer(found, request)


@router.get(
    "/roads.pmtiles",
    responses={
        **problems(404),
        200: {"content": _BYTES, "description": "The whole file"},
        206: {"content": _BYTES, "description": "The bytes asked for"},
    },
    response_class=Response,
)
def road_tiles(
    request: Request,
    byte_range: Annotated[
        str | None, Header(alias="Range", description="one range", examples=["bytes=0-16383"])
    ] = None,
) -> Response:
    """Vector tiles of the region's roads, a PMTiles file read by byte ranges; 404 until it was made."""
    tiles: MapTiles = request.app.state.tiles
    if not tiles.file.is_file():
        raise Problem("A270", 404, "no map tiles of the roads yet", expected=tiles.expected)
    size = tiles.file.stat().st_size
    asked = asked_range(byte_range, size)
    first, last = asked or (0, size - 1)
    with tiles.file.open("rb") as file:
        file.seek(first, os.SEEK_SET)
        content = file.read(last - first + 1)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        "ETag": f'"{tiles.file.parent.name}"',
    }
    if asked is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(content, status_code=200 if asked is None else 206, headers=headers, media_type=TILES)


def _answer(file: DeskFile, request: Request) -> Response:
    packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "public, max-age=31536000, immutable" if file.lasting else "no-cache",
        "Vary": "Accept-Encoding",
        **({"Content-Encoding": "gzip"} if packed else {}),
    }
    return Response(file.packed if packed else file.content, headers=headers, media_type=file.media_type)
