"""A made-up county as a report page: every kind of part once, sizes as in a real report."""

import math

from scenarios.report.page import (
    Axis,
    BarChart,
    Bars,
    Change,
    Column,
    Fact,
    Feature,
    LineChart,
    MapLayer,
    Note,
    Notes,
    Page,
    Paragraph,
    Row,
    Section,
    Series,
    Status,
    Table,
    Text,
)

TOWNS = [
    ("城关镇", "Chengguan", 106.54, 38.91, 89_400, 0.93, 0.96),
    ("黄渠桥镇", "Huangquqiao", 106.66, 39.02, 25_100, 0.41, 0.88),
    ("宝丰镇", "Baofeng", 106.69, 38.97, 22_900, 0.66, 0.91),
    ("头闸镇", "Touzha", 106.70, 38.91, 19_800, 0.72, 0.79),
    ("姚伏镇", "Yaofu", 106.43, 38.80, 23_700, 0.55, 0.55),
    ("崇岗镇", "Chonggang", 106.34, 38.90, 15_200, 0.31, 0.31),
    ("陶乐镇", "Taole", 106.74, 38.81, 10_300, 0.08, 0.94),
    ("高庄乡", "Gaozhuang", 106.52, 38.86, 16_400, 0.88, 0.90),
    ("灵沙乡", "Lingsha", 106.79, 38.98, 12_600, 0.27, 0.61),
    ("渠口乡", "Qukou", 106.66, 38.86, 14_900, 0.64, 0.70),
    ("通伏乡", "Tongfu", 106.56, 38.78, 13_900, 0.49, 0.49),
    ("高仁乡", "Gaoren", 106.83, 38.86, 6_100, 0.0, 0.58),
    ("红崖子乡", "Hongyazi", 106.87, 39.03, 3_906, 0.97, 0.97),
]
PEOPLE = Column("people", Text("人口", "People"), "integer", Text("人", "people"))
RESPONSE = Column("response_s", Text("到场时间", "Response"), "minutes")


def made_up_page() -> Page:
    """The page of a siting plan that never was."""
    return Page(
        kind="siting",
        title=Text("示例县消防站选址方案", "Where to open fire stations: an example county"),
        subtitle=Text("最大覆盖模型（MCLP），新增 3 站", "Maximal coverage (MCLP), three new stations"),
        status=Status("good", Text("已证明最优：差距 0.0 %", "Proven optimal: gap 0.0 %")),
        notice=Text(
            "示例数据：道路为重建，不得用于实际决策。",
            "Made-up data: roads are reconstructed; not for decisions.",
        ),
        facts=(
            Fact(Text("达标人口", "People within the standard"), Change(0.702, 0.853), "percent"),
            Fact(Text("新增覆盖", "Newly covered"), 41_370, "integer", Text("人", "people")),
            Fact(Text("最长到场", "Longest response"), Change(3391.0, 2210.0), "minutes"),
            Fact(Text("不可达", "Cut off"), 0, "integer", Text("人", "people"), Text("全部可达", "none")),
        ),
        map_layers=map_layers(),
        sections=(
            Section(
                "before-after", Text("乡镇前后对比", "Before and after by township"), (township_table(),)
            ),
            Section("value", Text("边际效益", "What each station adds"), (curve(), bars())),
            Section(
                "reasons",
                Text("理由", "Reasons"),
                (Paragraph(Text("逐站复算：", "Solved without each:")), reasons()),
            ),
        ),
        warnings=(
            Note(
                Text("2 条记录缺坐标，未计入。", "2 records lack coordinates and were left out."),
                Text.same("W1"),
            ),
        ),
        provenance=provenance(),
        inputs=(
            Fact(Text("区域摘要", "Region digest"), "3f2a" * 16),
            Fact(Text("种子", "Seed"), 0, "integer"),
        ),
        attribution=Text("© OpenStreetMap 贡献者（ODbL）", "© OpenStreetMap contributors (ODbL)"),
    )


def map_layers() -> tuple[MapLayer, ...]:
    """An area, lines, demand in three colours, symbols and names."""
    return (
        MapLayer("county", Text("县界", "County"), "polygon", "boundary", (_county(),)),
        MapLayer("river", Text("河流", "River"), "line", "river", (_river(),)),
        MapLayer("roads", Text("道路", "Roads"), "line", "road_major", _roads()),
        *_demand(),
        MapLayer("seats", Text("乡镇", "Townships"), "point", "seat", _seats(), (PEOPLE,), labels=True),
        MapLayer(
            "existing",
            Text("现有消防站", "Existing stations"),
            "point",
            "station_existing",
            _stations((0, 12)),
        ),
        MapLayer(
            "candidates",
            Text("候选站址", "Candidates"),
            "point",
            "station_candidate",
            _stations((2, 3, 8, 11)),
        ),
        MapLayer(
            "chosen",
            Text("新选站址", "Chosen stations"),
            "point",
            "station_chosen",
            _stations((1, 6, 9)),
            labels=True,
        ),
    )


def township_table() -> Table:
    """One row a township, before and after, with a total."""
    columns = (
        Column("name", Text("乡镇", "Township")),
        PEOPLE,
        Column("covered", Text("达标比例", "Within the standard"), "percent", bar=True, better="higher"),
        Column("worst", Text("最长到场", "Longest response"), "minutes", better="lower"),
    )
    rows = [
        Row(
            (
                Text(zh, en),
                people,
                Change(before, after),
                Change(600 + 900 * (1 - before), 600 + 900 * (1 - after)),
            ),
            "warning" if after < 0.4 else "plain",
            ("seats", f"seat-{n}"),
        )
        for n, (zh, en, _, _, people, before, after) in enumerate(TOWNS)
    ]
    total = Row((Text("合计", "Total"), 274_206, Change(0.702, 0.853), Change(1500.0, 1221.0)), "total")
    return Table("townships", Text("各乡镇服务达标情况", "Service by township"), columns, (*rows, total))


def curve() -> LineChart:
    """Share covered by number of stations, with a bound that is not met everywhere."""
    x = tuple(float(n) for n in range(9))
    y = tuple(0.702 + 0.25 * (1 - math.exp(-n / 3)) for n in range(9))
    series = Series(
        Text("达标人口比例", "Share within the standard"),
        x,
        y,
        bound=tuple(v + 0.004 * n for n, v in enumerate(y)),
    )
    return LineChart(
        "curve",
        Text("增站与达标人口", "Stations opened and people within the standard"),
        Axis(Text("新增站数", "New stations"), "integer"),
        Axis(Text("达标比例", "Share"), "percent", from_zero=False),
        (series,),
        mark=(3.0, Text("本方案", "this plan")),
    )


def bars() -> BarChart:
    """Two bars a township."""
    return BarChart(
        "bars",
        Text("前后对比", "Before and after"),
        tuple(Text(t[0], t[1]) for t in TOWNS[:5]),
        Axis(Text("达标比例", "Share"), "percent"),
        (
            Bars(Text("现状", "Before"), tuple(t[5] for t in TOWNS[:5]), "before"),
            Bars(Text("方案", "After"), tuple(t[6] for t in TOWNS[:5]), "after"),
        ),
    )


def reasons() -> Notes:
    """What is lost without each station."""
    lost = ((1, 18_420), (6, 12_950), (9, 10_000))
    return Notes(
        tuple(
            Note(
                Text(f"少 {people:,} 人达标。", f"{people:,} fewer people within the standard."),
                Text(TOWNS[n][0], TOWNS[n][1]),
                ("chosen", f"station-{n}"),
            )
            for n, people in lost
        ),
        ordered=True,
    )


def provenance() -> Table:
    """Sources of the layers."""
    columns = (
        Column("layer", Text("图层", "Layer")),
        Column("records", Text("记录", "Records"), "integer"),
        Column("source", Text("来源", "Source")),
        Column("assumed", Text("假定比例", "Assumed"), "percent", bar=True),
    )
    rows = (
        Row((Text("需求点", "demand"), 960, Text("第七次人口普查", "census 2020"), 0.8)),
        Row((Text("道路", "roads"), 36, Text.same("OpenStreetMap"), 0.0)),
    )
    return Table("sources", Text("输入数据", "Inputs"), columns, rows)


def _county() -> Feature:
    turns = [2 * math.pi * k / 40 for k in range(40)]
    ring = [
        (106.62 + 0.36 * math.cos(a) * (1 + 0.1 * math.sin(3 * a)), 38.91 + 0.24 * math.sin(a)) for a in turns
    ]
    return Feature(
        "county", {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}, Text("示例县", "Example")
    )


def _river() -> Feature:
    points = [(106.60 + 0.03 * k + 0.02 * math.sin(k), 38.68 + 0.05 * k) for k in range(10)]
    return Feature("river", {"type": "LineString", "coordinates": points}, Text("黄河", "Yellow River"))


def _roads() -> tuple[Feature, ...]:
    links = [(a, b) for a in range(13) for b in range(a) if math.dist(TOWNS[a][2:4], TOWNS[b][2:4]) < 0.17]
    return tuple(
        Feature(
            f"road-{a}-{b}",
            {"type": "LineString", "coordinates": [TOWNS[a][2:4], TOWNS[b][2:4]]},
            Text("县道", "County road"),
        )
        for a, b in links
    )


def _demand() -> tuple[MapLayer, ...]:
    classes = (
        ("covered", Text("现已达标", "Within the standard today"), "demand_covered"),
        ("newly", Text("新增达标", "Newly within"), "demand_newly_covered"),
        ("uncovered", Text("仍未达标", "Still outside"), "demand_uncovered"),
    )
    points: list[list[Feature]] = [[], [], []]
    for n, (zh, en, lon, lat, people, before, after) in enumerate(TOWNS):
        for k in range(60):
            turn, far = 2.399963 * k, 0.008 * math.sqrt(k)
            share = k / 60
            place = {
                "type": "Point",
                "coordinates": (lon + far * math.cos(turn), lat + 0.8 * far * math.sin(turn)),
            }
            which = 0 if share < before else 1 if share < after else 2
            weight = people / 60 * (0.4 + (k * 7 % 13) / 10)
            title = Text(f"{zh}{k + 1}组", f"{en} {k + 1}")
            points[which].append(
                Feature(f"d-{n}-{k}", place, title, (weight, 300 + 15.0 * k if n != 11 else math.inf), weight)
            )
    return tuple(
        MapLayer(key, title, "point", look, tuple(features), (PEOPLE, RESPONSE))
        for (key, title, look), features in zip(classes, points, strict=True)
    )


def _seats() -> tuple[Feature, ...]:
    return tuple(
        Feature(f"seat-{n}", {"type": "Point", "coordinates": (lon, lat)}, Text(zh, en), (people,))
        for n, (zh, en, lon, lat, people, _, _) in enumerate(TOWNS)
    )


def _stations(towns: tuple[int, ...]) -> tuple[Feature, ...]:
    return tuple(
        Feature(
            f"station-{n}",
            {"type": "Point", "coordinates": (TOWNS[n][2] + 0.008, TOWNS[n][3] + 0.006)},
            Text(f"{TOWNS[n][0]}消防站", f"{TOWNS[n][1]} station"),
        )
        for n in towns
    )
