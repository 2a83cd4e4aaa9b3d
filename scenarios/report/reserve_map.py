"""The map of a reserve plan: depots with stock by way of holding, and who is served in each scenario."""

from geo.region.region import Region
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.region_layers import ground_layers
from scenarios.report.reserve_words import LEVELS, MODES, Names, window_text
from scenarios.report.table import Column
from scenarios.report.text import Text
from scenarios.reserve_plan import DepotLine, PlaceServed, ReservePlan, ScenarioResult
from scenarios.reserve_scenarios import WORK

MOST_SCENARIOS = 24
"""Scenarios with a layer of their own."""
_DEPOT = (
    Column("level", Text("层级", "Level")),
    Column("physical", MODES["physical"], "decimal", Text("立方米", "m3")),
    Column("agreement", MODES["agreement"], "decimal", Text("立方米", "m3")),
    Column("capacity", MODES["capacity"], "decimal", Text("立方米", "m3")),
    Column("floor", Text("库房面积", "Floor"), "decimal", Text("平方米", "m2")),
    Column("taken", Text("占用面积", "Taken"), "decimal", Text("平方米", "m2")),
)


def reserve_map(plan: ReservePlan, region: Region, names: Names) -> tuple[MapLayer, ...]:
    """Layers from the ground up; the first scenario is shown, the others can be switched on."""
    layers = (
        *ground_layers(region),
        *(layer for number, one in enumerate(plan.scenarios[:MOST_SCENARIOS])
          for layer in _served(plan, one, names, shown=number == 0)),
        *(_stock(plan, mode, names) for mode in ("capacity", "agreement", "physical")),
    )  # fmt: skip
    return tuple(layer for layer in layers if layer.features)


def _stock(plan: ReservePlan, mode: str, names: Names) -> MapLayer:
    """Depots that hold something in one way, as large as the room that it takes."""
    size = {one.id: float(getattr(one, f"{mode}_m3")) for one in plan.decisions.depots}
    return MapLayer(
        id=f"stock-{mode}",
        title=Text(f"{MODES[mode].zh}（按体积）", f"Stock {MODES[mode].en}, by volume"),
        kind="point",
        style=f"stock_{mode}",
        features=tuple(
            Feature(
                id=one.id,
                geometry=_point(one.lon, one.lat),
                title=names.depots[one.id],
                values=_values(one),
                weight=size[one.id],
            )
            for one in plan.decisions.depots
            if size[one.id] > 0
        ),
        columns=_DEPOT,
        labels=mode == "physical",
        label_zoom=10.0,
    )


def _values(one: DepotLine) -> tuple[Text | float | None, ...]:
    return (
        LEVELS.get(one.level, Text.same(one.level)),
        one.physical_m3,
        one.agreement_m3,
        one.capacity_m3,
        one.floor_m2,
        one.taken_after_m2,
    )


def _served(plan: ReservePlan, one: ScenarioResult, names: Names, *, shown: bool) -> tuple[MapLayer, ...]:
    """Shelters of a scenario whose people all have what they must in time, and the others."""
    relief, scenario = window_text(plan.relief_window_s), names.scenarios[one.id]
    columns = (
        Column("people", Text("人数", "People"), "integer"),
        Column("whole", Text(f"{relief.zh}内保障齐全", f"Fully served in {relief.en}"), "integer"),
        Column("first", Text("最早送达", "First there"), "hours"),
    )
    at = plan.windows_s.index(plan.relief_window_s)
    kinds = (
        ("served", Text("按时保障", "served in time"), "shelter_used"),
        ("late", Text("未按时保障", "not served in time"), "shelter_late"),
    )
    return tuple(
        MapLayer(
            id=f"{kind}-{one.id}",
            title=Text(f"{scenario.of('zh')}：{words.zh}", f"{scenario.of('en')}: {words.en}"),
            kind="point",
            style=style,
            features=tuple(
                Feature(
                    id=place.place_id,
                    geometry=_point(place.lon, place.lat),
                    title=names.places.get(place.place_id, Text.same(place.place_id)),
                    values=(place.people, place.whole, place.first_s),
                )
                for place in one.places
                if _in_time(place, at) == (kind == "served")
            ),
            columns=columns,
            shown=shown,
        )
        for kind, words, style in kinds
    )


def _in_time(place: PlaceServed, at: int) -> bool:
    """Whether everybody has what they must; of a place of work, whether everything due is there."""
    return place.met[at] >= 1 - 1e-6 if place.place_id == WORK else place.whole >= place.people


def _point(lon: float, lat: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
