"""What hazard zones rest on, in Chinese: notes, formulas and certainty stand in plans in English."""

import re

from scenarios.report.dispatch_words import ZONES
from scenarios.report.text import Text

CERTAINTY = {
    "high": Text("高", "high"),
    "medium": Text("中", "medium"),
    "low": Text("低", "low"),
    "recalled": Text("凭记忆，未核对原文", "recalled"),
    "assumed": Text("推定", "assumed"),
}
_SAID = tuple(
    (re.compile(said), zh)
    for said, zh in (
        (r"wind unknown: ([\d.]+) m/s taken", r"风速未知，按 \1 m/s 计"),
        (r"cloud unknown: clear sky taken", r"云量未知，按晴空计"),
        (r"cloud unknown: overcast sky taken", r"云量未知，按阴天计"),
        (r"guidebook distances describe the first (\d+) minutes", r"应急指南给出的距离适用于最初 \1 分钟"),
        (r"wind unknown or calm: zones are full circles", r"风向未知或静风，危险区按整圆绘制"),
        (r"wind may turn ([\d.]+) degrees either side \(assumed\)", r"风向可能左右偏转 \1 度（推定）"),
        (r"insolation by classes recalled, not read", r"日照强度分级凭记忆，未核对原文"),
        (r"the guidebook's distance can be larger than given", r"实际防护距离可能大于指南所列"),
        (
            r"contours are cut at 10 km or 60 minutes of travel: harm may reach farther",
            r"浓度等值线截止于 10 公里或扩散 60 分钟，危害可能更远",
        ),
        (
            r"heavier than air: ([\d.]+) is at least ([\d.]+); .*",
            r"重于空气的云团（\1 不小于 \2），泄漏源附近高斯模型不适用",
        ),
        (
            r"a liquefied release makes a cold mist heavier than air; .*",
            r"液化气体泄漏形成重于空气的冷雾，泄漏源附近高斯模型不适用",
        ),
        (r"AEGL values for (\d+) min, nearest the release", r"采用与泄漏时长最接近的 \1 分钟 AEGL 值"),
        (
            r"no harmful concentration of this substance is known: no contours are drawn",
            r"该物质无已知危害浓度，未绘制等值线",
        ),
        (r"whole container at once: protective distance times ([\d.]+)", r"整罐瞬时泄漏，防护距离乘以 \1"),
        (
            r"container unknown or without a row of its own: the largest row is taken",
            r"容器未知或指南无对应行，取最大一行",
        ),
        (
            r"no protective distance: only the isolation distance of the guide page is known",
            r"无防护距离，仅有指南页的隔离距离",
        ),
        (r"the substance is not known: distances were entered by hand", r"物质未知，距离由人工录入"),
        (r"unusual in this month", r"该月份少见"),
        (
            r"speed of the water unknown: the class is a lower bound",
            r"流速未知，危险等级为下限",
        ),
        (
            r"water ([\d.]+) m deep \((.*)\); class H(\d) of AIDR Guideline 7-3",
            r"水深 \1 米（\2）；AIDR 7-3 指南 H\3 级",
        ),
        (r"Gaussian puff, class (\w), spreads of CCPS 1999", r"高斯烟团，稳定度 \1 类，CCPS 1999 扩散参数"),
        (
            r"Gaussian plume, class (\w), rural spreads of Briggs 1973",
            r"高斯烟羽，稳定度 \1 类，Briggs 1973 乡村扩散参数",
        ),
        (
            r"Gaussian plume, class (\w), urban spreads of Briggs 1973",
            r"高斯烟羽，稳定度 \1 类，Briggs 1973 城市扩散参数",
        ),
    )
)  # fmt: skip
_RECALLED = "rest on figures recalled, not read: "


def hazard_words(said: str) -> Text:
    """A note or formula of a zone in both languages; in English where it names a source of its own."""
    if said.startswith(_RECALLED):
        kinds = said.removeprefix(_RECALLED).split(", ")
        zones = [ZONES[kind].zh for kind in kinds]
        return Text(f"所依据的数值凭记忆、未核对原文：{'、'.join(zones)}", said)
    for pattern, zh in _SAID:
        if found := pattern.fullmatch(said):
            return Text(found.expand(zh), said)
    return Text.same(said)


def sentences() -> tuple[tuple[str, str], ...]:
    """Patterns of English notes and formulas, and the Chinese with ``$1`` for what a group holds."""
    return tuple((pattern.pattern, re.sub(r"\\(\d)", r"$\1", zh)) for pattern, zh in _SAID)


def certainty_words(certainty: str) -> Text:
    """How sure a figure is."""
    return CERTAINTY.get(certainty, Text.same(certainty))
