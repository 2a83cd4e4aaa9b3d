"""Roads that the board reports closed, slowed or flooded, as closures."""

from datetime import datetime

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.closures import Closure
from geo.errors import Fault, InputError
from scenarios.board import Board, RoadClosure


def board_closures(board: Board | None, at: datetime) -> tuple[Closure, ...]:
    """Closures of the board in force at an instant.

    Raises
    ------
    InputError
        S214 for each closure whose polygon cannot be read; N204 to N206 as ``Closure``.
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
    return tuple(closure for closure in found if closure.in_force(at))


def _closure(reported: RoadClosure) -> Closure:
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
        return shape(reported.polygon or {})
    except Exception as broken:  # shapely raises whatever the malformed part provokes
        raise InputError(
            [
                Fault(
                    code="S214",
                    where=f"board, closures {reported.id}",
                    found=f"{type(broken).__name__} while reading the polygon",
                    wanted="a GeoJSON Polygon or MultiPolygon",
                    fix="Draw the closure again, or name its roads.",
                )
            ]
        ) from broken
