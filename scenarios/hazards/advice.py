"""Shelter or evacuate: advice for one place, with its reason."""

from dataclasses import dataclass
from typing import Literal

from scenarios.hazards.figures import Certainty, figure
from scenarios.hazards.indoor import indoor_ratio

Action = Literal["evacuate", "shelter", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What people at a place should do; ``indoor_ppm``: the air in their rooms when the cloud has passed."""

    action: Action
    indoor_ppm: float
    reason_en: str
    reason_zh: str
    certainty: Certainty


def advise(
    *,
    peak_ppm: float,
    aegl2_ppm: float,
    arrival_s: float,
    clearance_s: float,
    cloud_s: float,
    air_changes_per_h: float | None = None,
) -> Advice:
    """Advice for a place outdoors in a cloud of ``peak_ppm`` that lasts ``cloud_s``.

    Below AEGL-2 outdoors (``peak_ppm < aegl2_ppm``): nothing need be done. Enough time (``clearance_s``,
    until everybody is out, at most ``arrival_s``): evacuate. Too little time and the air indoors stays below
    AEGL-2: shelter. Otherwise evacuate across the wind: neither is safe. The rule is this program's own; the
    air indoors is a single box at ``air_changes_per_h`` (by default the shipped figure).
    """
    changes = figure("shelter", "air_changes_per_h").value if air_changes_per_h is None else air_changes_per_h
    indoor_ppm = peak_ppm * indoor_ratio(changes, hours=cloud_s / 3600)
    outdoors = f"{peak_ppm:.3g} ppm outdoors, AEGL-2 {aegl2_ppm:g} ppm"
    outdoors_zh = f"室外 {peak_ppm:.3g} ppm,AEGL-2 为 {aegl2_ppm:g} ppm"
    times = f"out in {clearance_s / 60:.0f} min, cloud in {arrival_s / 60:.0f} min"
    times_zh = f"撤离需 {clearance_s / 60:.0f} 分钟,云团 {arrival_s / 60:.0f} 分钟到达"
    indoors = f"{indoor_ppm:.3g} ppm indoors at {changes:g} air changes an hour"
    indoors_zh = f"室内 {indoor_ppm:.3g} ppm(每小时换气 {changes:g} 次)"
    action: Action
    if peak_ppm < aegl2_ppm:
        action, english, chinese = "none", outdoors, outdoors_zh
    elif clearance_s <= arrival_s:
        action, english, chinese = "evacuate", f"{outdoors}; {times}", f"{outdoors_zh};{times_zh}"
    elif indoor_ppm < aegl2_ppm:
        action = "shelter"
        english = f"{times}; {indoors}; air the rooms and leave once the cloud has passed"
        chinese = f"{times_zh};{indoors_zh};云团过后立即通风并离开"
    else:
        action = "evacuate"
        english = f"{times}; {indoors} would exceed AEGL-2: leave across the wind, nearest places first"
        chinese = f"{times_zh};{indoors_zh},超过 AEGL-2:向侧风方向撤离,近处优先"
    return Advice(
        action=action, indoor_ppm=indoor_ppm, reason_en=english, reason_zh=chinese, certainty="assumed"
    )
