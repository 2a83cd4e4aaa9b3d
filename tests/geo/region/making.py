"""Regions for tests: small hand-made ones, and strategies that make odd ones."""

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import strategies as st

from geo.region import LAYERS
from geo.region.layers import CAPABILITIES, MOST_COUNTED, Column, Layer

SOURCE = "assumed"


def frame(layer: str, *records: dict[str, Any]) -> pd.DataFrame:
    """Records of a layer with `source` filled in; `at` is the geometry."""
    rows = [{"source": SOURCE, **record} for record in records]
    places = [row.pop("at", None) for row in rows]
    table = pd.DataFrame(rows, dtype=object)
    if LAYERS[layer].geometry is None:
        return table
    return gpd.GeoDataFrame(table, geometry=places, crs="EPSG:4326")


TEXTS = st.text(
    st.sampled_from("ab 中文，；\"',;=#\n\t/\\Nn_x0041é𠮷\u2028\ufeff\u3000-+.0"), max_size=8
) | st.sampled_from(
    ["#N/A", "=1+1", "NA", "nan", "None", "0012", "1.0", "true", "2026-01-01", "_x000D_", "'"]
)
DEGREES = st.floats(-80, 80, allow_nan=False) | st.sampled_from([0.0, -0.0, 106.5366817])
PAIRS = st.tuples(st.floats(-179.0, 179.0), st.floats(-80.0, 80.0))


def _points() -> st.SearchStrategy[Any]:
    return PAIRS.map(shapely.Point)


def _lines() -> st.SearchStrategy[Any]:
    return st.lists(PAIRS, min_size=2, max_size=4).map(shapely.LineString)


def _polygons() -> st.SearchStrategy[Any]:
    def square(corner: tuple[float, float], size: float, ccw: bool) -> Any:
        x, y = corner
        hole = shapely.box(x + size / 4, y + size / 4, x + size / 2, y + size / 2).exterior.coords
        return shapely.Polygon(shapely.box(x, y, x + size, y + size, ccw=ccw).exterior.coords, [hole])

    one = st.builds(square, PAIRS, st.floats(0.01, 1.0), st.booleans())
    return one | st.lists(one, min_size=2, max_size=3).map(shapely.MultiPolygon)


def _geometries(layer: Layer) -> st.SearchStrategy[Any]:
    match layer.geometry:
        case "point":
            return _points()
        case "line":
            return _lines()
        case "polygon":
            return _polygons()
        case _:
            return _points() | _polygons()


def _cells(column: Column) -> st.SearchStrategy[Any]:
    top = 1e12 if column.at_most is None else column.at_most
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": TEXTS,
        "count": st.integers(0, MOST_COUNTED),
        "number": st.floats(column.at_least or 0, top),
        "date": st.dates().map(str),
        "flag": st.sampled_from(["yes", "no"]),
        "choice": st.sampled_from(column.choices or ("",)),
        "capabilities": st.lists(
            st.builds("{}:{}".format, st.sampled_from(CAPABILITIES), st.integers(1, 3)),
            max_size=3,
            unique_by=lambda text: text.split(":")[0],
        ).map(";".join),
    }
    cells = kinds[column.kind]
    if column.required and column.kind == "text":
        return cells.filter(lambda text: bool(text.strip()))
    return cells if column.required else cells | st.none()


@st.composite
def layer_frames(draw: st.DrawFn, name: str) -> pd.DataFrame:
    """A random table of one layer; some records have no place."""
    layer = LAYERS[name]
    n = draw(st.integers(0, 3))
    cells = {
        column.name: [draw(_cells(column)) for _ in range(n)]
        for column in layer.columns
        if not column.refers_to
    }
    cells["id"] = [f"{name} {i}号" for i in range(n)]
    for column in layer.columns:
        if column.refers_to and column.required:
            cells[column.name] = [f"{column.refers_to} 0号"] * n
    table = pd.DataFrame(cells, dtype=object, index=range(n))
    if layer.geometry is None:
        return table
    places: list[Any] = [draw(st.none() | _geometries(layer)) for _ in range(n)]
    return gpd.GeoDataFrame(table, geometry=places, crs="EPSG:4326")


def _complete(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Without layers whose references would lead nowhere."""
    while wanting := [
        name
        for name, table in frames.items()
        if len(table)
        and any(
            c.required and c.refers_to and not len(frames.get(c.refers_to, ())) for c in LAYERS[name].columns
        )
    ]:
        frames = {name: table for name, table in frames.items() if name not in wanting}
    return frames


def region_frames() -> st.SearchStrategy[dict[str, pd.DataFrame]]:
    """Random tables of a few layers whose references hold."""
    names = st.lists(st.sampled_from(sorted(LAYERS)), min_size=1, max_size=5, unique=True)
    return names.flatmap(lambda ns: st.fixed_dictionaries({n: layer_frames(n) for n in ns})).map(_complete)
