"""Map layers of relief: assembly points, shelters in use, and the roads of buses, cars and trucks."""

from collections.abc import Iterator

from scenarios.relief_plan import Convoy, Relief
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.relief_words import TASKS, ReliefNames, vehicle_words
from scenarios.report.table import Column
from scenarios.report.text import Text

ASSEMBLY, SHELTERS = "assembly", "shelters-used"
"""Layers that tables lead to."""
_CONVOY = (
    Column("vehicle", Text("车型", "Vehicle")),
    Column("trips", Text("车次", "Trips"), "integer"),
    Column("people", Text("人数", "People"), "integer"),
    Column("pieces", Text("物资件数", "Pieces"), "integer"),
    Column("length", Text("里程", "Length"), "km"),
    Column("last", Text("最后到达", "Last there"), "minutes"),
)
_ASSEMBLY = (
    Column("people", Text("需转移", "To relocate"), "integer"),
    Column("no_car", Text("其中无车", "Without a car"), "integer"),
    Column("left", Text("未能转移", "Left"), "integer"),
)
_SHELTER = (
    Column("people", Text("接收", "People"), "integer"),
    Column("capacity", Text("容量", "Places"), "integer"),
    Column("there", Text("人员到齐", "People there"), "minutes"),
    Column("supplied", Text("物资交付", "Supplied"), "minutes"),
)
_LOOKS = (
    ("own_cars", "convoy_cars", False),
    ("materials", "convoy_materials", True),
    ("evacuation", "convoy_people", True),
)


def relief_layers(relief: Relief, names: ReliefNames) -> Iterator[MapLayer]:
    """Roads below, places above; own cars are switched off at first."""
    for task, style, shown in _LOOKS:
        yield MapLayer(
            id=f"convoys-{task}",
            title=TASKS[task],
            kind="line",
            style=style,
            features=tuple(_line(one, names) for one in relief.convoys if one.task == task),
            columns=_CONVOY,
            shown=shown,
        )
    yield MapLayer(
        id=SHELTERS,
        title=Text("启用的避难场所", "Shelters in use"),
        kind="point",
        style="shelter_used",
        features=tuple(
            Feature(
                id=one.id,
                geometry={"type": "Point", "coordinates": [round(one.lon, 5), round(one.lat, 5)]},
                title=names.shelters[one.id],
                values=(one.people, one.capacity, one.people_s, one.materials_s),
            )
            for one in relief.shelters
        ),
        columns=_SHELTER,
        labels=True,
    )
    yield MapLayer(
        id=ASSEMBLY,
        title=Text("疏散集合点", "Assembly points"),
        kind="point",
        style="assembly",
        features=tuple(
            Feature(
                id=one.id,
                geometry={"type": "Point", "coordinates": [round(one.lon, 5), round(one.lat, 5)]},
                title=names.places[one.id],
                values=(one.people, one.without_car, one.left),
            )
            for one in relief.places
        ),
        columns=_ASSEMBLY,
        labels=True,
    )


def _line(convoy: Convoy, names: ReliefNames) -> Feature:
    origins = names.depots if convoy.task == "materials" else names.places
    origin, goal = origins[convoy.from_id], names.shelters[convoy.to_id]
    return Feature(
        id=convoy.id,
        geometry={"type": "LineString", "coordinates": [list(point) for point in convoy.route.geometry]},
        title=Text(f"{origin.zh} → {goal.zh}", f"{origin.en} → {goal.en}"),
        values=(
            vehicle_words(convoy.vehicle_class),
            convoy.trips,
            convoy.people or None,
            convoy.pieces or None,
            convoy.route.length_m,
            convoy.last_s,
        ),
    )
