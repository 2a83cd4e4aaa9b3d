"""The Edmonton ambulance model of JEMSS.jl as a drill: read as it is, but for what is said here.

Roads, both travel modes, stations, ambulances, hospitals and the population raster come from the files; calls
per day by priority, times on the scene, of handover and of dispatch, and the share of patients stand in
``gen_config.xml`` and are written here. Cells of the raster (50 m) are taken together in squares of ten by
ten; the drive from a square begins at its middle, weighted by people, and goes off the road at the model's
speed to the nearest junction that the model opens for it. Ambulances drive to calls by the mode of their
priority, to hospital and home by mode 2.
"""

import csv
import io
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from optimizer.drill.arrivals import Source, Spread
from optimizer.drill.problem import NO_ROAD_DS, DrillProblem, Drives, Fleet, Kinds
from optimizer.problem import Floats, Int64s

DAY_DS = 864_000
_BLOCK = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edmonton:
    """The model: problem, where calls come from, and the number of squares that call."""

    problem: DrillProblem
    source: Source
    squares: int


@dataclass(frozen=True, slots=True, eq=False)
class _Roads:
    xy: Floats
    usable: Int64s
    tail: Int64s
    head: Int64s
    days: Floats


def edmonton(folder: Path, *, days: float = 365.0) -> Edmonton:
    """Read the model in ``networks/edmonton`` and lay out so many days of it."""
    model = folder / "models" / "1"
    stations = _xy(model / "stations" / "stations_1.csv")
    hospitals = _xy(model / "hospitals" / "hospitals_1.csv")
    squares, people = _squares(folder)
    based = [int(row[1]) - 1 for row in _rows(model / "ambulances" / "ambulances_1.csv") if row[0].isdigit()]
    places = np.vstack([squares, stations, hospitals])
    first_hospital = len(squares) + len(stations)
    drive_ds = _drives(_roads(model), places, _speeds(model))
    at_hospital = np.arange(first_hospital, len(places))
    nearest = drive_ds[:, at_hospital, :].argmin(axis=1)
    teams = len(based)
    problem = DrillProblem(
        fleet=Fleet(
            home=len(squares) + np.array(based, np.int64),
            turnout_ds=np.zeros(teams, np.int64),
            aid=np.zeros(teams, np.bool_),
            mode=np.tile(np.array([0, 1]), (teams, 1)),
            home_mode=np.ones(teams, np.int64),
            on_duty=np.ones(teams, np.bool_),
        ),
        kinds=Kinds(
            priority=np.array([1, 0]),
            slot_from=np.array([0, 1, 2]),
            eligible=np.ones((2, teams), np.bool_),
            weight=np.ones(2, np.int64),
            shortage_weight=np.ones(2, np.int64),
            within_ds=np.array([8 * 600, 12 * 600]),
            recovery_ds=np.zeros(2, np.int64),
        ),
        drives=Drives(drive_ds=drive_ds[None], hospital=at_hospital[nearest][None]),
        horizon_ds=round((days + 1) * DAY_DS),
        warm_up_ds=DAY_DS,
        handling_ds=400,
    )
    return Edmonton(problem=problem, source=_source(people), squares=len(squares))


def _source(people: Floats) -> Source:
    """192 calls a day, three quarters of high priority, none of the middle one."""
    share = np.cumsum(people) / people.sum()
    share[-1] = 1.0
    squares = np.arange(len(people))
    minute = 60.0
    return Source(
        rate_per_h=np.tile(np.array([144.0, 48.0]) / 24, (168, 1)),
        kind=np.array([0, 1]),
        place_from=np.array([0, len(people), 2 * len(people)]),
        node=np.concatenate([squares, squares]),
        share=np.concatenate([share, share]),
        work=(Spread("exponential", 12 * minute),) * 2,
        handover=(Spread("weibull", 34.3 * minute * math.gamma(1 + 1 / 2.5), 2.5),) * 2,
        transport=np.array([0.75, 0.75]),
    )


def _rows(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def _xy(file: Path) -> Floats:
    return np.array([[float(row[1]), float(row[2])] for row in _rows(file) if row[0].isdigit()])


def _speeds(model: Path) -> Floats:
    """Off-road speed of both modes, km per day."""
    rows = _rows(model / "travel" / "travel" / "travel_1.csv")
    return np.array([float(row[1]) for row in rows if row[0] in ("1", "2") and row[1].isdigit() and row[2]])


def _roads(model: Path) -> _Roads:
    with zipfile.ZipFile(model / "travel" / "roads" / "roads.zip") as packed:
        nodes = _numbers(packed.read("nodes.csv").decode(), 4)
        arcs = _numbers(packed.read("arcs.csv").decode(), 6)
    return _Roads(
        xy=nodes[:, 1:3],
        usable=np.flatnonzero(nodes[:, 3] > 0),
        tail=arcs[:, 1].astype(np.int64) - 1,
        head=arcs[:, 2].astype(np.int64) - 1,
        days=arcs[:, 4:6],
    )


def _numbers(text: str, columns: int) -> Floats:
    lines = text.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("index")) + 1
    return np.array(
        [
            [float(cell or 0) for cell in [*line.split(","), *[""] * columns][:columns]]
            for line in lines[begin:]
            if line[:1].isdigit()
        ]
    )


def _squares(folder: Path) -> tuple[Floats, Floats]:
    """Middle of each inhabited square of 500 m, weighted by people, and its people."""
    import rasterio

    file = folder / "data" / "population density" / "census 2016" / "rasters" / "edmonton_pop_densit_50m.zip"
    with rasterio.open(f"/vsizip/{file}/edmonton_pop_densit_50m.tif") as raster:
        density = raster.read(1).astype(np.float64)
        nodata, transform = raster.nodata, raster.transform
    density[~np.isfinite(density) | (density == nodata) | (density < 0)] = 0.0
    row, column = np.nonzero(density)
    weight = density[row, column]
    x, y = transform * (column + 0.5, row + 0.5)
    block = (row // _BLOCK) * (density.shape[1] // _BLOCK + 1) + column // _BLOCK
    _, number = np.unique(block, return_inverse=True)
    people = np.bincount(number, weights=weight)
    middle = [np.bincount(number, weights=weight * axis) / people for axis in (np.asarray(x), np.asarray(y))]
    return np.column_stack(middle), np.asarray(people, np.float64)


def _drives(
    roads: _Roads, places: Floats, off_road: Floats
) -> "np.ndarray[tuple[int, ...], np.dtype[np.int32]]":
    """Both modes by destination and origin, deciseconds, shape (2, n, n)."""
    scale = np.array([66.13, 111.32])  # km per degree, as the model's map says
    away_km, nearest = KDTree(roads.xy[roads.usable] * scale).query(places * scale)
    junction = roads.usable[nearest]
    count = len(roads.xy)
    drives = np.empty((2, len(places), len(places)), np.int32)
    for mode in range(2):
        graph = csr_array((roads.days[:, mode], (roads.tail, roads.head)), shape=(count, count))
        starts, number = np.unique(junction, return_inverse=True)
        days = dijkstra(graph, indices=starts)[:, starts][np.ix_(number, number)]
        access = away_km / off_road[mode]
        total = days + access[:, None] + access[None, :]
        np.fill_diagonal(total, 0.0)
        drives[mode] = np.where(np.isfinite(total), np.rint(total * DAY_DS), NO_ROAD_DS).astype(np.int32).T
    return drives
