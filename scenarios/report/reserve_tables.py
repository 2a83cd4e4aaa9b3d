"""Tables of the reserve page: what to do, depots, scenarios, limits, other rules, townships."""

from collections import defaultdict

from scenarios.report.reserve_words import ACTIONS, LEVELS, LIMITS, MODES, RULES, Names, window_text
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Change, Text, Value
from scenarios.reserve_further import Compared
from scenarios.reserve_plan import Binding, ReservePlan

DEPOTS = "stock-physical"
"""Layer of the map that rows of depots lead to."""
MOST_LIMITS, MOST_ITEMS = 20, 6
_YUAN = Text("元", "CNY")


def moves_table(plan: ReservePlan, names: Names) -> Table:
    """One row a depot, item and way of holding; what only stays comes last and is pale."""
    by_row: dict[tuple[str, str, str, float], dict[str, float]] = defaultdict(dict)
    for move in plan.decisions.moves:
        by_row[(move.depot_id, move.item_id, move.mode, move.lead_s)][move.action] = move.units
    order = {one.id: number for number, one in enumerate(plan.decisions.depots)}
    item = {one.id: number for number, one in enumerate(plan.items)}
    keys = sorted(
        by_row, key=lambda key: (set(by_row[key]) == {"keep"}, order[key[0]], item[key[1]], key[2], key[3])
    )
    held = {(h.depot_id, h.item_id, str(h.mode), h.lead_s): h for h in plan.decisions.held}
    rows = []
    for key in keys:
        depot, name, mode, lead_s = key
        did, now = by_row[key], held[key]
        words = [ACTIONS[action] for action in ACTIONS if action in did and action != "keep"]
        rows.append(
            Row(
                (
                    names.depots[depot],
                    names.items[name],
                    MODES[mode],
                    lead_s if mode != "physical" else None,
                    Change(now.before, now.after),
                    Text("、".join(w.zh for w in words) or "保留", ", ".join(w.en for w in words) or "keep"),
                    did.get("add"),
                    _net(did),
                    did.get("lapse"),
                ),
                "plain" if words else "muted",
                (DEPOTS, depot),
            )
        )
    columns = (
        Column("depot", Text("储备库", "Depot")),
        Column("item", Text("物资", "Item")),
        Column("mode", Text("储备方式", "Held")),
        Column("lead", Text("调运准备", "Ready after"), "hours"),
        Column("units", Text("数量", "Units"), "integer"),
        Column("action", Text("处理", "What to do")),
        Column("add", Text("新增", "Add"), "integer"),
        Column("move", Text("调入（出）", "Moved in (out)"), "integer"),
        Column("lapse", Text("不续签", "Lapse"), "integer"),
    )
    note = Text("浅色行：保持不变。", "Pale rows stay as they are.")
    return Table("moves", Text("增、留、调清单", "Add, keep, move"), columns, tuple(rows), note)


def _net(did: dict[str, float]) -> float | None:
    net = did.get("move_in", 0.0) - did.get("move_out", 0.0)
    return net or None


def depots_table(plan: ReservePlan, names: Names) -> Table:
    """One row a depot: what it holds by way of holding, its floor; whether it is opened, where asked."""
    opening = any(one.opened is not None for one in plan.decisions.depots)
    rows = [
        Row(
            (
                names.depots[one.id],
                LEVELS.get(one.level, Text.same(one.level)),
                one.physical_m3,
                one.agreement_m3,
                one.capacity_m3,
                one.floor_m2,
                Change(one.taken_before_m2, one.taken_after_m2),
                one.enlarged_m2 or None,
                *((one.opened,) if opening else ()),
            ),
            feature=(DEPOTS, one.id),
        )
        for one in plan.decisions.depots
    ]
    cubic, square = Text("立方米", "m3"), Text("平方米", "m2")
    columns = (
        Column("depot", Text("储备库", "Depot")),
        Column("level", Text("层级", "Level")),
        Column("physical", MODES["physical"], "decimal", cubic, bar=True),
        Column("agreement", MODES["agreement"], "decimal", cubic, bar=True),
        Column("capacity", MODES["capacity"], "decimal", cubic, bar=True),
        Column("floor", Text("库房面积", "Floor"), "decimal", square),
        Column("taken", Text("占用面积", "Taken"), "decimal", square),
        Column("enlarged", Text("扩建", "Enlarged"), "decimal", square),
        *((Column("opened", Text("新设", "Opened")),) if opening else ()),
    )
    note = Text("占用面积含本方案以外的库存。", "Floor taken includes goods outside this plan.")
    return Table("depot-table", Text("各库储备", "By depot"), columns, tuple(rows), note)


def scenarios_table(plan: ReservePlan, names: Names) -> Table:
    """One row a scenario: who is served in time, what is met by each window, what the shortage counts."""
    rows: list[Row] = []
    for one in plan.scenarios:
        townships = [names.townships.get(name, Text.same(name)) for name in one.displaced]
        people = [f"{n:,}" for n in one.displaced.values()]
        who = Text(
            "、".join(f"{t.of('zh')} {n}" for t, n in zip(townships, people, strict=True)),
            ", ".join(f"{t.of('en')} {n}" for t, n in zip(townships, people, strict=True)),
        )
        cells: tuple[Value, ...] = (
            names.scenarios[one.id],
            one.probability,
            who,
            one.served_whole,
            *one.met,
            one.use + one.driving,
            one.penalty,
        )
        rows.append(Row(cells, "plain" if one.served_whole >= plan.people else "warning"))
    windows = tuple(
        Column(f"met-{number}", window_text(end), "percent", bar=True)
        for number, end in enumerate(plan.windows_s)
    )
    relief = window_text(plan.relief_window_s)
    columns = (
        Column("scenario", Text("情景", "Scenario")),
        Column("probability", Text("概率", "Probability"), "percent"),
        Column("who", Text("转移人数", "Displaced")),
        Column(
            "whole",
            Text("按时保障齐全", "Fully served in time"),
            "integer",
            Text("人", "people"),
        ),
        *windows,
        Column("use", Text("使用与运输", "Use and driving"), "yuan"),
        Column("penalty", Text("短缺惩罚", "Penalty"), "yuan"),
    )
    note = Text(
        f"按时：{relief.zh}内急需和基本物资齐全。各时限为到该时限末的平均满足率。底色行：有人未按时保障齐全。",
        f"In time: all vital and basic items in {relief.en}. Windows: mean share of needs met by their end."
        " Marked rows: somebody lacks an item in time.",
    )
    return Table("scenario-results", Text("各情景结果", "What becomes of it"), columns, tuple(rows), note)


def compared_table(plan: ReservePlan) -> Table | None:
    """The plan beside other rules; ``None`` where none was compared."""
    if not plan.further.compared or plan.cost is None:
        return None
    own: tuple[Value, ...] = (plan.cost.first_stage, plan.cost.total, None, plan.cost.penalty, *plan.service)
    rows = [Row((RULES["plan"], *own), "total"), *(_compared(plan, one) for one in _rivals(plan))]
    columns = (
        Column("rule", Text("做法", "Rule")),
        Column("first", Text("事前费用", "Before the event"), "yuan"),
        Column("total", Text("总费用（期望）", "In all, expected"), "yuan"),
        Column("more", Text("比本方案多", "More than this plan"), "yuan"),
        Column("penalty", Text("其中短缺惩罚", "of it penalties"), "yuan"),
        *(Column(f"met-{number}", window_text(end), "percent") for number, end in enumerate(plan.windows_s)),
    )
    note = Text(
        "不用某种储备方式的各行：另行求得的最优方案，“比本方案多”即该方式所节省的费用。",
        "Rows without a way of holding: the best plan then; what it costs more is what that way saves.",
    )
    return Table("other-rules", Text("与其他做法比较", "Beside other rules"), columns, tuple(rows), note)


def _rivals(plan: ReservePlan) -> tuple[Compared, ...]:
    """Other rules, and the plan for the mean scenario where its cost is known."""
    knowing = plan.further.knowing
    if knowing is None or knowing.mean_value_plan is None:
        return plan.further.compared
    mean = Compared(
        rule="mean", status="feasible", first_stage=None, total=knowing.mean_value_plan, penalty=None, met=()
    )
    return (*plan.further.compared, mean)


def _compared(plan: ReservePlan, one: Compared) -> Row:
    shares: tuple[Value, ...] = one.met or (None,) * len(plan.windows_s)
    more = None if one.total is None or plan.cost is None else one.total - plan.cost.total
    name = RULES.get(one.rule, Text.same(one.rule))
    if one.status == "infeasible":
        name = Text(f"{name.zh}：无可行方案", f"{name.en}: no plan keeps the rules")
    return Row((name, one.first_stage, one.total, more, one.penalty, *shares))


def binding_table(plan: ReservePlan, names: Names) -> Table | None:
    """The limits that the plan runs into, dearest first, a rule with all its items; ``None`` without any."""
    rules: dict[tuple[str, str], list[Binding]] = defaultdict(list)
    for one in plan.binding:
        if one.kind != "in_hand":
            rules[one.kind, one.place.partition("/")[0]].append(one)
    if not rules:
        return None
    rows = tuple(
        Row(
            (
                LIMITS.get(kind, Text.same(kind)),
                _place(place, names),
                _items(found, names),
                max(one.price for one in found),
            )
        )
        for (kind, place), found in list(rules.items())[:MOST_LIMITS]
    )
    columns = (
        Column("limit", Text("约束", "Limit")),
        Column("place", Text("对象", "Where")),
        Column("items", Text("物资", "Items")),
        Column("price", Text("放宽一个单位至多可省", "One unit more saves up to"), "decimal", _YUAN),
    )
    return Table("binding", Text("起作用的约束", "Limits that bind"), columns, rows)


def _items(found: list[Binding], names: Names) -> Text:
    """The items that a rule is about, dearest first."""
    ids = [one.place.partition("/")[2] for one in sorted(found, key=lambda one: -one.price)]
    known = [names.items[one] for one in ids if one in names.items]
    more = len(known) - MOST_ITEMS
    zh, en = (f" 等 {len(known)} 种", f" and {more} more") if more > 0 else ("", "")
    shown = known[:MOST_ITEMS]
    return Text("、".join(one.of("zh") for one in shown) + zh, ", ".join(one.of("en") for one in shown) + en)


def _place(place: str, names: Names) -> Text:
    """The depot, level or township that a limit is about; empty where there is one of the kind."""
    kind, _, one = place.partition(" ")
    if kind == "township":
        return names.townships.get(one, Text.same(one))
    if kind == "level":
        return LEVELS.get(one, Text.same(one))
    return names.depots.get(place, Text.same(place))


def townships_table(plan: ReservePlan) -> Table | None:
    """What each township must hold, and why more than others."""
    if not plan.townships:
        return None
    rows = tuple(
        Row(
            (Text(one.name_zh, one.name_en), one.share, one.drive_s, one.poor_roads, one.risk, one.high_risk),
            "warning" if one.poor_roads or one.high_risk else "plain",
            ("townships", one.id),
        )
        for one in plan.townships
    )
    columns = (
        Column("township", Text("乡镇", "Township")),
        Column("share", Text("最低份额", "Least share"), "percent"),
        Column("drive", Text("距县级库", "From the county depot"), "minutes"),
        Column("poor", Text("道路差", "Poor roads")),
        Column("risk", Text("风险比", "Risk"), "decimal"),
        Column("high", Text("风险高", "High risk")),
    )
    note = Text(
        "风险比：期望转移人数占比与人口占比之比。底色行：已加强。",
        "Risk: share of the displaced people over share of the population. Marked rows are strengthened.",
    )
    return Table("townships-least", Text("乡镇最低份额", "What townships hold"), columns, rows, note)
