"""Tables and the timeline of people relocated and supplied, on the dispatch page."""

from collections.abc import Iterator

from scenarios.relief_plan import BusRide, Relief, TruckTrip
from scenarios.report.chart import Axis, BarChart, Bars
from scenarios.report.relief_map import ASSEMBLY, SHELTERS
from scenarios.report.relief_words import PER, WHY_LEFT, ReliefNames, unit_words, vehicle_words
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text

MOST_LISTED = 4
"""Items of a load named in full; the rest is counted."""


def places_table(relief: Relief, names: ReliefNames) -> Table:
    """One row an assembly point, and the sum: nobody is left out of the count."""
    columns = (
        Column("place", Text("疏散集合点", "Assembly point")),
        Column("people", Text("需转移", "To relocate"), "integer"),
        Column("no_car", Text("其中无车", "Without a car"), "integer"),
        Column("bus", Text("乘车", "By bus"), "integer"),
        Column("cars", Text("自驾", "Own car"), "integer"),
        Column("left", Text("未能转移", "Left"), "integer"),
        Column("why", Text("原因", "Why")),
        Column("last", Text("全部到达", "All there"), "minutes", bar=True),
    )
    rows = [
        Row(
            (
                names.places[one.id],
                one.people,
                one.without_car,
                one.by_bus,
                one.driving,
                one.left,
                WHY_LEFT[one.why_left] if one.left else None,
                one.last_s,
            ),
            "warning" if one.left else "plain",
            (ASSEMBLY, one.id),
        )
        for one in relief.places
    ]
    found = relief.evacuation
    total = (
        Text("合计", "Total"),
        found.people,
        sum(one.without_car for one in relief.places),
        found.by_bus,
        found.driving,
        found.left,
        None,
        found.last_arrival_s,
    )
    return Table(
        "evacuation-table",
        Text("人员转移", "People relocated"),
        columns,
        (*rows, Row(total, "total")),
        Text(
            "时间自下达命令起算；无车人员先行乘车，含集合、上下车；时限含边界。",
            "Times run from the order and include gathering and boarding; people without a car go first.",
        ),
    )


def shelters_table(relief: Relief, names: ReliefNames) -> Table:
    """One row a shelter in use."""
    columns = (
        Column("shelter", Text("避难场所", "Shelter")),
        Column("people", Text("接收", "People"), "integer"),
        Column("capacity", Text("容量", "Places"), "integer"),
        Column("heated", Text("供暖", "Heated")),
        Column("there", Text("人员到齐", "People there"), "minutes"),
        Column("supplied", Text("物资交付", "Supplied"), "minutes"),
        Column("due", Text("物资时限", "Due"), "minutes"),
    )
    rows = tuple(
        Row(
            (
                names.shelters[one.id],
                one.people,
                one.capacity,
                one.heated,
                one.people_s,
                one.materials_s,
                relief.due_s,
            ),
            "plain" if one.materials_s is not None else "warning",
            (SHELTERS, one.id),
        )
        for one in relief.shelters
    )
    return Table("shelters-table", Text("启用的避难场所", "Shelters in use"), columns, rows)


def buses_table(relief: Relief, names: ReliefNames) -> tuple[Table, ...]:
    """Trips of buses that are alike in one row; no table without a bus."""
    columns = (
        Column("wave", Text("批次", "Wave"), "integer"),
        Column("team", Text("车队", "Team")),
        Column("from", Text("集合点", "From")),
        Column("to", Text("避难场所", "To")),
        Column("buses", Text("车号", "Buses")),
        Column("people", Text("人数", "People"), "integer"),
        Column("arrival", Text("到达", "Arrival"), "minutes", bar=True),
    )
    together: dict[tuple[int, str, str, str, float], list[BusRide]] = {}
    for ride in relief.evacuation.rides:
        key = (ride.wave, ride.team_id, ride.place_id, ride.shelter_id, ride.arrival_s)
        together.setdefault(key, []).append(ride)
    rows = tuple(
        Row(
            (
                wave,
                names.teams[team],
                names.places[place],
                names.shelters[shelter],
                _numbers([ride.bus for ride in rides]),
                sum(ride.people for ride in rides),
                arrival_s,
            ),
            feature=(ASSEMBLY, place),
        )
        for (wave, team, place, shelter, arrival_s), rides in sorted(
            together.items(), key=lambda pair: (pair[0][0], pair[0][4], pair[0][1:4])
        )
    )
    title = Text("客车班次", "Trips of buses")
    return (Table("buses-table", title, columns, rows),) if rows else ()


def _numbers(found: list[int]) -> str:
    """Numbers of vehicles, runs written as ``3-6``."""
    runs: list[list[int]] = []
    for number in sorted(found):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def items_table(relief: Relief, names: ReliefNames) -> tuple[Table, ...]:
    """One row an item, with what is short; no table without a catalogue."""
    found = relief.materials
    if found is None:
        return ()
    columns = (
        Column("item", Text("物资", "Item")),
        Column("unit", Text("单位", "Unit")),
        Column("basis", Text("标准", "Standard")),
        Column("needed", Text("需要", "Needed"), "integer"),
        Column("sent", Text("送达", "Brought"), "integer"),
        Column("called", Text("其中协议调运", "Called from suppliers"), "integer"),
        Column("short", Text("缺", "Short"), "integer"),
        Column("last", Text("最后交付", "Last hand-over"), "minutes"),
        Column("due", Text("时限", "Due"), "minutes"),
    )
    rows = tuple(
        Row(
            (
                names.items[one.item_id],
                unit_words(one.unit),
                Text(
                    f"{PER[one.per].zh} {one.quantity_per:.3g}", f"{one.quantity_per:.3g} {PER[one.per].en}"
                ),
                one.needed,
                one.sent,
                one.called or None,
                one.short,
                one.handed_over_s,
                one.due_s,
            ),
            "warning" if one.short or one.late_s else "plain",
        )
        for one in found.items
    )
    winter = Text("，冬季用量", ", winter quantities") if relief.cold else Text("", "")
    days, household = relief.days, relief.household
    note = Text(
        f"按 {days} 日、每户 {household} 人计算{winter.zh}；按各场所取整。",
        f"For {days} days, households of {household}{winter.en}; rounded up at each shelter.",
    )
    title = Text("物资需求与保障", "What the shelters need and get")
    return (Table("items-table", title, columns, rows, note),)


def trips_table(relief: Relief, names: ReliefNames) -> tuple[Table, ...]:
    """One row a trip of a truck, by hand-over; no table without one."""
    trips = () if relief.materials is None else relief.materials.trips
    columns = (
        Column("team", Text("车队", "Team")),
        Column("truck", Text("车", "Truck")),
        Column("from", Text("储备库", "Depot")),
        Column("to", Text("避难场所", "To")),
        Column("start", Text("开始装车", "Loading from"), "minutes"),
        Column("over", Text("交付", "Handed over"), "minutes", bar=True),
        Column("mass", Text("载重", "Load"), "integer", Text("千克", "kg")),
        Column("volume", Text("体积", "Volume"), "decimal", Text("立方米", "m3")),
        Column("load", Text("物资", "Goods")),
    )
    rows = tuple(
        Row(
            (
                names.teams[one.team_id],
                Text(
                    f"{vehicle_words(one.vehicle_class).zh} {one.truck}",
                    f"{vehicle_words(one.vehicle_class).en} {one.truck}",
                ),
                _depot(one, names),
                names.shelters[one.shelter_id],
                one.start_s,
                one.handed_over_s,
                round(one.mass_kg),
                one.volume_m3,
                _load(one, names),
            ),
            feature=(SHELTERS, one.shelter_id),
        )
        for one in sorted(trips, key=lambda trip: (trip.handed_over_s, trip.team_id, trip.truck))
    )
    title = Text("物资运输车次", "Trips of trucks")
    return (Table("trips-table", title, columns, rows),) if rows else ()


def _depot(trip: TruckTrip, names: ReliefNames) -> Text:
    """Where a truck loads, with the supplier who brings the load there."""
    depot = names.depots[trip.depot_id]
    if not trip.supplier:
        return depot
    return Text(f"{depot.zh}（{trip.supplier}）", f"{depot.en} ({trip.supplier})")


def _load(trip: TruckTrip, names: ReliefNames) -> Text:
    """What a truck carries, the most pieces first."""
    cargo = sorted(trip.load, key=lambda one: (-one.pieces, one.item_id))
    zh = "、".join(f"{names.items[one.item_id].zh} {one.pieces:,}" for one in cargo[:MOST_LISTED])
    en = ", ".join(f"{names.items[one.item_id].en} {one.pieces:,}" for one in cargo[:MOST_LISTED])
    more = len(cargo) - MOST_LISTED
    return Text(zh + f" 等 {len(cargo)} 种", f"{en} and {more} more") if more > 0 else Text(zh, en)


def relief_timeline(relief: Relief, names: ReliefNames) -> tuple[BarChart, ...]:
    """When people and material are at each shelter, against the time limit; none without a shelter."""
    if not relief.shelters:
        return ()
    shelters = relief.shelters
    return (
        BarChart(
            id="relief-timeline",
            title=Text("人员与物资到位时间", "People and materials against the time limit"),
            categories=tuple(names.shelters[one.id] for one in shelters),
            value=Axis(Text("下达命令后", "After the order"), "hours"),
            bars=(
                Bars(Text("人员到齐", "people there"), tuple(one.people_s for one in shelters), "second"),
                Bars(Text("物资交付", "supplied"), tuple(one.materials_s for one in shelters), "after"),
                Bars(Text("物资时限", "due"), tuple(relief.due_s for _ in shelters), "before"),
            ),
        ),
    )


def relief_tables(relief: Relief, names: ReliefNames) -> Iterator[Table]:
    """All tables, people first."""
    yield places_table(relief, names)
    if relief.shelters:
        yield shelters_table(relief, names)
    yield from buses_table(relief, names)
    yield from items_table(relief, names)
    yield from trips_table(relief, names)
