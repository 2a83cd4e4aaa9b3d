"""Roads that the board reports closed, slowed or flooded, as closures."""

from datetime import datetime

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.closures import Closure
from geo.errors import Fault, InputError, refuse
from geo.vehicle_file import read_vehicle_classes
from scenarios.board import Board, RoadClosure


def board_closures(board: Board | None, at: datetime) -> tuple[Closure, ...]:
    """Closures of the board in force at an instant; raises as ``closures_of_board``."""
    return tuple(closure for closure in closures_of_board(board) if closure.in_force(at))


def closures_of_board(board: Board | None) -> tuple[Closure, ...]:
    """Closures of the board, whenever they are in force.

    Raises
    ------
    InputError
        S214 for each closure whose polygon cannot be read or is not in degrees, S292 for a vehicle class that
        nobody knows; N204 to N206 as ``Closure``.
    """
    faults: list[Fault] = []
    found: list[Closure] = []
    for reported in board.closures if board else ():
        try:
            closure = _closure(reported)
        except InputError as wrong:
            faults += wrong.faults
        else:
            found.append(closure)
    if faults:
        raise InputError(faults)
    return tuple(found)


def _closure(reported: RoadClosure) -> Closure:
    known = read_vehicle_classes()
    if unknown := sorted(set(reported.vehicle_classes or ()) - set(known)):
        raise refuse(
            "S292",
            where=f"board, closures {reported.id}",
            found=f"the vehicle class {unknown[0]!r}",
            wanted=", ".join(sorted(known)),
            fix="Name known classes, or leave vehicle_classes out: then it holds for all.",
        )
    milder = reported.speed_factor is not None or reported.depth_m is not None
    return Closure(
        id=reported.id,
        polygon=None if reported.polygon is None else _polygon(reported),
        road_ids=reported.road_ids,
        closed=reported.closed and not milder,
        speed_factor=reported.speed_factor,
        depth_m=reported.depth_m,
        vehicle_classes=reported.vehicle_classes,
        valid_from=reported.valid_from,
        valid_to=reported.valid_to,
    )


def _polygon(reported: RoadClosure) -> BaseGeometry:
    try:
        polygon = shape(reported.polygon or {})
        west, south, east, north = polygon.bounds if not polygon.is_empty else (0.0, 0.0, 0.0, 0.0)
    except Exception as broken:  # shapely raises whatever the malformed part provokes
        raise _unreadable(reported, f"{type(broken).__name__} while reading the polygon") from broken
    if not (min(west, -east) >= -180 and min(south, -north) >= -90):
        raise _unreadable(
            reported, f"coordinates from {west:.0f}, {south:.0f} to {east:.0f}, {north:.0f}, no degrees"
        )
    return polygon


def _unreadable(reported: RoadClosure, found: str) -> InputError:
    return refuse(
        "S214",
        where=f"board, closures {reported.id}",
        found=found,
        wanted="a GeoJSON Polygon or MultiPolygon, longitude and latitude",
        fix="Draw the closure again, or name its roads.",
    )
