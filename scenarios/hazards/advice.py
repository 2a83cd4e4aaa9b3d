"""Shelter or evacuate: advice for a place, with its reason."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scenarios.hazards.arrival import cloud_at_places
from scenarios.hazards.chemical import ChemicalHazard, thresholds
from scenarios.hazards.figures import Certainty, figure
from scenarios.hazards.indoor import indoor_ratio
from scenarios.hazards.zones import inside

Action = Literal["evacuate", "shelter", "none"]
Floats = NDArray[np.float64]

_LONGEST_S = 3600.0  # an endless release is judged by an hour, the longest exposure time of the zones


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What people at a place should do; ``indoor_ppm``: air in their rooms after the cloud, if known."""

    action: Action
    indoor_ppm: float | None
    reason_en: str
    reason_zh: str
    certainty: Certainty = "assumed"


def advise(
    *,
    peak_ppm: float,
    limit_ppm: float,
    arrival_s: float,
    clearance_s: float,
    cloud_s: float,
    air_changes_per_h: float | None = None,
) -> Advice:
    """Advice for a place outdoors in a cloud of ``peak_ppm`` that lasts ``cloud_s``.

    Below ``limit_ppm`` (AEGL-2) outdoors: nothing need be done. Enough time (``clearance_s``, until everybody
    is out, at most ``arrival_s``): evacuate. Too little time, air indoors below the limit and cloud shorter
    than one change of air: shelter. Otherwise evacuate across the wind: rooms are no help. The rule is this
    program's own; the air indoors is a single box at ``air_changes_per_h`` (by default the shipped figure).
    """
    changes = figure("shelter", "air_changes_per_h").value if air_changes_per_h is None else air_changes_per_h
    hours = cloud_s / 3600
    indoor_ppm = peak_ppm * indoor_ratio(changes, hours=hours)
    times_en, times_zh = _times(arrival_s, clearance_s)
    rooms_en = f"{indoor_ppm:.3g} ppm indoors at {changes:g} air changes an hour"
    rooms_zh = f"室内 {indoor_ppm:.3g} ppm（每小时换气 {changes:g} 次）"
    if peak_ppm < limit_ppm:
        return Advice(
            action="none",
            indoor_ppm=indoor_ppm,
            reason_en=f"{peak_ppm:.3g} ppm outdoors stays below {limit_ppm:g} ppm",
            reason_zh=f"室外 {peak_ppm:.3g} ppm，低于 {limit_ppm:g} ppm",
        )
    if clearance_s <= arrival_s:
        return Advice(
            action="evacuate",
            indoor_ppm=indoor_ppm,
            reason_en=f"{peak_ppm:.3g} ppm outdoors, limit {limit_ppm:g} ppm; {times_en}",
            reason_zh=f"室外 {peak_ppm:.3g} ppm，限值 {limit_ppm:g} ppm；{times_zh}",
        )
    if indoor_ppm < limit_ppm and hours * changes < figure("shelter", "works_while_air_changes_below").value:
        return Advice(
            action="shelter",
            indoor_ppm=indoor_ppm,
            reason_en=f"{times_en}; {rooms_en}; air the rooms and leave once the cloud has passed",
            reason_zh=f"{times_zh}；{rooms_zh}；云团过后立即通风并离开",
        )
    return Advice(
        action="evacuate",
        indoor_ppm=indoor_ppm,
        reason_en=f"{times_en}; {rooms_en}: no protection; leave across the wind, nearest places first",
        reason_zh=f"{times_zh}；{rooms_zh}：室内不能防护，向侧风方向撤离，近处优先",
    )


def advise_places(hazard: ChemicalHazard, lonlat: Floats, clearance_s: Floats) -> list[Advice]:
    """Advice for places of shape (n, 2), each with the time until everybody is out, seconds, shape (n,).

    The limit is AEGL-2, ERPG-2 where that is missing. Without a rate or a limit nobody knows the air: places
    in a zone of the guidebook are evacuated if there is time, else sheltered; those outside need do nothing.
    """
    cloud = cloud_at_places(hazard, lonlat)
    limits = {threshold.kind: threshold.ppm for threshold in thresholds(hazard)}
    limit_ppm = limits.get("aegl_2", limits.get("erpg_2"))
    if hazard.cloud is None or limit_ppm is None:
        threatened = np.any([inside(zone, lonlat) for zone in hazard.zones], axis=0)
        return [
            _unmeasured(bool(hit), arrival, clearance)
            for hit, arrival, clearance in zip(threatened, cloud.arrival_s, clearance_s, strict=True)
        ]
    return [
        advise(
            peak_ppm=float(peak),
            limit_ppm=limit_ppm,
            arrival_s=float(arrival),
            clearance_s=float(clearance),
            cloud_s=_cloud_s(hazard, float(arrival)),
        )
        for peak, arrival, clearance in zip(cloud.peak_ppm, cloud.arrival_s, clearance_s, strict=True)
    ]


def _cloud_s(hazard: ChemicalHazard, arrival_s: float) -> float:
    """How long the cloud stays: the release itself, or four standard deviations of a puff."""
    cloud = hazard.cloud
    assert cloud is not None
    if cloud.mass_kg is None:
        return min(cloud.duration_s or _LONGEST_S, _LONGEST_S)
    if not np.isfinite(arrival_s):
        return 0.0
    sigma_m = float(cloud.sigma_y_m(np.array([arrival_s * cloud.wind_m_s]))[0])
    return min(4 * sigma_m / cloud.wind_m_s, _LONGEST_S)


def _unmeasured(threatened: bool, arrival_s: float, clearance_s: float) -> Advice:
    if not threatened:
        return Advice(
            action="none", indoor_ppm=None, reason_en="outside the zones", reason_zh="位于危险区之外"
        )
    times_en, times_zh = _times(arrival_s, clearance_s)
    return Advice(
        action="evacuate" if clearance_s <= arrival_s else "shelter",
        indoor_ppm=None,
        reason_en=f"inside a zone of the guidebook, concentration unknown; {times_en}",
        reason_zh=f"位于指南划定的危险区内，浓度不明；{times_zh}",
    )


def _times(arrival_s: float, clearance_s: float) -> tuple[str, str]:
    if not np.isfinite(arrival_s):
        return "the wind does not carry the cloud there", "风不会把云团带到该处"
    out, cloud = f"{clearance_s / 60:.0f}", f"{arrival_s / 60:.0f}"
    return f"out in {out} min, cloud in {cloud} min", f"撤离需 {out} 分钟，云团 {cloud} 分钟到达"
