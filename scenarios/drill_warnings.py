"""What a drill says beside its figures: teams, kinds and places that its results do not speak of."""

from collections.abc import Sequence

import numpy as np

from optimizer.drill.problem import MOST_SLOTS, Kinds
from scenarios.dispatch_teams import ReadyTeam
from scenarios.drill_models import DrillScenario
from scenarios.drill_places import Places
from scenarios.drill_shifts import Duty
from scenarios.plan import PlanWarning

FAR_M = 1_000.0
"""From here on the way from a call to its nearest road is worth a word, metres."""


def unserved(scenario: DrillScenario, kinds: Kinds, teams: Sequence[ReadyTeam]) -> list[PlanWarning]:
    """Zero teams, and kinds that ask for what no team can do."""
    if not teams:
        zh, en = "没有任何队伍参加演练，所有呼叫无人响应", "no team takes part: nobody answers any call"
        return [PlanWarning(code="X420", text_zh=zh, text_en=en, layer="teams", records=())]
    nobody = [
        kind.id
        for number, kind in enumerate(scenario.drill.kinds)
        if not kinds.eligible[kinds.slot_from[number] : kinds.slot_from[number + 1]].any(axis=1).all()
    ]
    if not nobody:
        return []
    zh, en = "呼叫所需能力没有队伍具备", "kinds of calls that ask for what no team can do"
    return [PlanWarning(code="X421", text_zh=zh, text_en=en, records=tuple(nobody))]


def uncalled(scenario: DrillScenario, places: Places) -> list[PlanWarning]:
    """Kinds and townships that a rate table leaves out: no call of them is played."""
    read = scenario.drill.calls.read
    if read is None or scenario.drill.calls.rates is None:
        return []
    kinds = {row.kind for row in read.rates}
    townships = {row.township for row in read.rates}
    here = [places.townships[number] for number in np.unique(places.township[places.township >= 0])]
    warnings = []
    if "" not in kinds and (left := [one.id for one in scenario.drill.kinds if one.id not in kinds]):
        zh, en = (
            "率表未列出的呼叫类型，演练中不会发生",
            "kinds of calls that the rate table leaves out: none is played",
        )
        warnings.append(PlanWarning(code="X423", text_zh=zh, text_en=en, records=tuple(left)))
    if "" not in townships and (left := [one for one in here if one not in townships]):
        zh, en = (
            "率表未列出的乡镇，演练中无呼叫",
            "townships that the rate table leaves out: nobody calls there",
        )
        warnings.append(
            PlanWarning(code="X424", text_zh=zh, text_en=en, layer="townships", records=tuple(left))
        )
    return warnings


def off_road(places: Places) -> list[PlanWarning]:
    """Calls of a log that lie far from every road, how many they are and the farthest first."""
    far = np.flatnonzero(places.off_road_m > FAR_M)
    if not len(far):
        return []
    far = far[np.argsort(-places.off_road_m[far], kind="stable")]
    calls, farthest_km = int(np.isin(places.logged, far).sum()), places.off_road_m[far[0]] / 1000
    zh = f"{calls} 起呼叫距最近道路超过 {FAR_M / 1000:g} 公里，最远 {farthest_km:.1f} 公里"
    en = f"{calls} calls lie over {FAR_M / 1000:g} km from every road, the farthest {farthest_km:.1f} km"
    records = tuple(f"{lon:.5f},{lat:.5f}" for lon, lat in places.lonlat[far].tolist())
    return [PlanWarning(code="X425", text_zh=zh, text_en=en, records=records)]


def rosters_outside(duty: Duty) -> list[PlanWarning]:
    """Rosters that put nobody on duty in the time of the drill."""
    if not duty.outside:
        return []
    zh, en = "时间完全在演练之外的值班表", "rosters wholly before or after the drill"
    return [PlanWarning(code="X426", text_zh=zh, text_en=en, layer="rosters", records=duty.outside)]


def crowded(questions: int) -> list[PlanWarning]:
    """Decisions of the exact engine with more open slots than it looks at at once."""
    if not questions:
        return []
    zh = f"{questions} 次派遣决策时待派队次达到上限 {MOST_SLOTS}，其后的未参与该次决策"
    en = f"{questions} decisions with {MOST_SLOTS} open slots, the most looked at; those behind had to wait"
    return [PlanWarning(code="X427", text_zh=zh, text_en=en, records=())]
