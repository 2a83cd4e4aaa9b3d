"""What relief leaves undone, in sentences, and the headline figures of relief."""

from collections.abc import Iterator

from scenarios.relief_plan import AssemblyPlace, ItemShortage, ItemSource, Relief
from scenarios.report.facts import Fact, Note, Notes, Paragraph
from scenarios.report.relief_map import ASSEMBLY
from scenarios.report.relief_words import MODES, SOURCES, WHY_LEFT, WHY_SHORT, ReliefNames, either, unit_words
from scenarios.report.text import Text


def relief_facts(relief: Relief) -> Iterator[Fact]:
    """Headline figures: people relocated, and when the last material is handed over."""
    found = relief.evacuation
    moved = Text(
        f"{found.by_bus:,} 人乘车，{found.driving:,} 人自驾",
        f"{found.by_bus:,} by bus, {found.driving:,} driving",
    )
    yield Fact(
        Text("转移人数", "People relocated"), f"{found.people - found.left:,} / {found.people:,}", note=moved
    )
    yield Fact(Text("人员到齐", "People in shelters"), found.last_arrival_s, "hours")
    if relief.materials is not None:
        due = f"{relief.due_s / 3600:g}"
        note = Text(f"时限 {due} 小时", f"due within {due} h")
        yield Fact(Text("物资全部交付", "Materials handed over"), relief.materials.last_s, "hours", note=note)


def undone_words(relief: Relief) -> Text | None:
    """People who stay and items that are short, for the line at the top; ``None`` where nothing is undone."""
    zh, en = [], []
    if left := relief.evacuation.left:
        zh.append(f"{left:,} 人未能转移")
        en.append(f"{left:,} people cannot be relocated")
    if short := len(relief.materials.shortages) if relief.materials else 0:
        zh.append(f"{short} 种物资不足")
        en.append(f"{short} items of relief short")
    return Text("，".join(zh), ", ".join(en)) if zh else None


def proven_words(relief: Relief) -> Paragraph:
    """What is proven of the relief, and on which roads it rests."""
    zh, en = _people_proven(relief)
    if relief.materials is not None:
        more_zh, more_en = _materials_proven(relief)
        zh, en = f"{zh}{more_zh}", f"{en} {more_en}"
    if relief.roads_until_s is not None:
        hours = f"{relief.roads_until_s / 3600:.1f}"
        zh += f"下达命令 {hours} 小时后道路开始受影响：此前完成的车次走现有道路，其余只走始终畅通的道路。"
        en += (
            f" Roads change {hours} h after the order: trips that end before use the roads of now, all others"
            " only roads that stay open."
        )
    return Paragraph(Text(zh, en))


def _people_proven(relief: Relief) -> tuple[str, str]:
    found = relief.evacuation
    if found.status == "optimal":
        return "转移人数已证明为最多。", "No plan relocates more people (proven)."
    why = _stopped(found.stopped_by)
    return (
        f"转移方案可行，未证明最优（{why.zh}），至少 {found.least_left:,} 人无法转移。",
        f"The relocation is feasible, not proven best ({why.en}); at least {found.least_left:,} people stay.",
    )


def _materials_proven(relief: Relief) -> tuple[str, str]:
    assert relief.materials is not None, "asked only with materials"
    stages = relief.materials.deliveries
    zh, en = [], []
    for stage in stages:
        what = SOURCES[stage.source]
        if stage.status == "optimal":
            zh.append(f"{what.zh}：送达最多且最后交付最早（已证明）。")
            en.append(f"{what.en}: no plan brings more, nor the last of it sooner (proven).")
        else:
            why, bound_h = _stopped(stage.stopped_by), f"{stage.bound_s / 3600:.1f}"
            zh.append(f"{what.zh}：可行，未证明最优（{why.zh}），最后交付不会早于 {bound_h} 小时。")
            en.append(f"{what.en}: feasible, not proven best ({why.en}); not all there before {bound_h} h.")
    return "".join(zh), " ".join(en)


def _stopped(why: str | None) -> Text:
    words = {
        "time": Text("到时停止", "stopped by the clock"),
        "size": Text("搜索规模所限", "the search reached its limit"),
        "user": Text("人为停止", "stopped by the user"),
    }
    return words.get(why or "", Text("未证明", "not proven"))


def relief_shortages(relief: Relief, names: ReliefNames) -> Notes:
    """People who stay and items that are short, each with what stands in the way or the nearest source."""
    notes = [_left(one, names) for one in relief.places if one.left]
    if relief.materials is not None:
        notes += [_short(one, names) for one in relief.materials.shortages]
    return Notes(tuple(notes), Text("缺口", "What is short"))


def _left(place: AssemblyPlace, names: ReliefNames) -> Note:
    why = WHY_LEFT[place.why_left]
    text = Text(
        f"{place.left:,} 人未能转移（其中无车 {place.left_without_car:,} 人）：{why.zh}。",
        f"{place.left:,} people cannot leave ({place.left_without_car:,} of them without a car): {why.en}.",
    )
    return Note(text, names.places[place.id], (ASSEMBLY, place.id))


def _short(one: ItemShortage, names: ReliefNames) -> Note:
    unit = unit_words(one.unit)
    zh, en = f"缺 {one.short:,} {unit.zh}", f"{one.short:,} short ({unit.en})"
    if one.nearest is None:
        return Note(
            Text(f"{zh}；已无其他库存、协议或产能。", f"{en}; nobody holds or promised any more."),
            either(one.name_zh, one.name_en, one.item_id),
        )
    more = _source(one.nearest, names)
    return Note(
        Text(f"{zh}；最近来源：{more.zh}。", f"{en}; nearest source: {more.en}."),
        either(one.name_zh, one.name_en, one.item_id),
    )


def _source(source: ItemSource, names: ReliefNames) -> Text:
    mode, why = MODES[source.mode], WHY_SHORT[source.why]
    depot = names.depots.get(source.depot_id, Text.same(source.depot_id))
    who_zh = f"{source.supplier}（{depot.zh}）" if source.supplier else depot.zh
    who_en = f"{source.supplier} ({depot.en})" if source.supplier else depot.en
    when = None if source.hand_over_s is None else f"{source.hand_over_s / 3600:.1f}"
    when_zh = f"，最早 {when} 小时交付" if when else ""
    when_en = f", there after {when} h at the earliest" if when else ""
    return Text(
        f"{who_zh}，{mode.zh} {source.pieces:,}，{why.zh}{when_zh}",
        f"{who_en}, {mode.en} {source.pieces:,}, {why.en}{when_en}",
    )
