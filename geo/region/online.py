"""A place by its name, fetched from OpenStreetMap's servers: the one part that needs the internet."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import shapely

from geo.errors import InputError, refuse
from geo.region.atomic import replacing

TIMEOUT_S = 180
_QUERY = """[out:xml][timeout:{timeout}][bbox:{south},{west},{north},{east}];
(way[highway]; way[route=ferry]; nwr[amenity~"^(fire_station|hospital|school)$"]; way[building];
relation[building]; relation[boundary=administrative]; relation[type=restriction]; node[place];);
(._; >;);
out body;"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFiles:
    """What ``fetch_place`` wrote: an extract for ``read_osm`` and the outline to clip it with."""

    osm: Path
    boundary: Path


def fetch_place(name: str, folder: Path) -> PlaceFiles:
    """Write the OpenStreetMap data of a named place and its outline into ``folder``.

    The name is looked up by osmnx (Nominatim), the data come from the Overpass server that osmnx is set to.

    Raises
    ------
    InputError
        F137 when the servers cannot be reached or do not know the place.
    """
    try:
        outline = _outline(name)
        data = _download(outline.bounds)
    except (OSError, ValueError, TypeError) as error:
        raise _unreachable(name, error) from error
    stem = re.sub(r"\W+", "-", name).strip("-").lower() or "place"
    files = PlaceFiles(osm=folder / f"{stem}.osm", boundary=folder / f"{stem}-boundary.geojson")
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(outline)}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    for path, written in ((files.osm, data), (files.boundary, content.encode())):
        with replacing(path) as beside:
            beside.write_bytes(written)
    return files


def _outline(name: str) -> Any:
    import osmnx

    with _left_alone(osmnx.settings):
        return osmnx.geocode_to_gdf(name).geometry.iloc[0]


@contextmanager
def _left_alone(settings: Any) -> Iterator[None]:
    """Keep osmnx from leaving a folder ``cache`` behind and, offline, from asking a second name server."""
    before = settings.use_cache, settings.doh_url_template
    settings.use_cache, settings.doh_url_template = False, None
    try:
        yield
    finally:
        settings.use_cache, settings.doh_url_template = before


def _download(bounds: tuple[float, float, float, float]) -> bytes:
    import osmnx

    west, south, east, north = bounds
    query = _QUERY.format(timeout=TIMEOUT_S, south=south, west=west, north=north, east=east)
    url = f"{osmnx.settings.overpass_url.rstrip('/')}/interpreter"
    request = urllib.request.Request(url, data=urlencode({"data": query}).encode())
    request.add_header("User-Agent", osmnx.settings.http_user_agent)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return bytes(answer.read())


def _unreachable(name: str, error: Exception) -> InputError:
    return refuse(
        "F137",
        where=f"place {name!r}",
        found=f"no answer from OpenStreetMap ({type(error).__name__}: {' '.join(str(error).split())[:200]})",
        wanted="a place that OpenStreetMap knows, and a connection to the internet",
        fix="Check the spelling and the connection; offline, give an extract with --osm instead.",
    )
