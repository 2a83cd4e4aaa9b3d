"""What happened: the first section of a report."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from api.local_time import minute
from api.reports.ground import Ground, by_hand, name_of, sourced
from api.schemas.reports import ReportLine, Said
from geo.errors import InputError
from scenarios.hazards.substances import find_substance
from scenarios.report.dispatch_words import HAZARDS
from scenarios.report.text import Text

_RECORD = Said(zh="接报记录", en="incident record")


def event_lines(ground: Ground) -> Iterator[ReportLine]:
    """What, when, where, in which weather, of which substance, who reported it, and why it happened."""
    row, report = ground.incident, ground.incident.report
    at = row.reported_at

    def known(zh: str, en: str) -> ReportLine:
        return sourced(zh, en, _RECORD, at)

    hazard, name = HAZARDS[row.hazard], Text(report["name_zh"], report["name_en"])
    named = f"{name.of('zh')}（{hazard.zh}）" if name.of("zh") else hazard.zh
    named_en = f"{name.of('en')} ({hazard.en})" if name.of("en") else hazard.en
    yield known(f"事件：{named}，{row.level} 级", f"Incident: {named_en}, level {row.level}")
    event_at = report["event_at"] and datetime.fromisoformat(report["event_at"])
    happened = minute(event_at, ground.zone) or "不详"
    yield known(
        f"发生时间：{happened}；接报时间：{minute(at, ground.zone)}",
        f"Happened: {minute(event_at, ground.zone) or 'not known'}; reported: {minute(at, ground.zone)}",
    )
    yield known(*_where(ground))
    yield from (known(*words) for words in (_weather(row.weather), _substance(report)) if words)
    yield known(f"信息来源：{row.reported_by}", f"Reported by: {row.reported_by}")
    yield from by_hand([*ground.asked.cause, *ground.asked.situation])


def _where(ground: Ground) -> tuple[str, str]:
    where, place = ground.incident.report["where"], ground.incident.place
    degrees = "" if place is None else f"{place.centroid.x:.5f}, {place.centroid.y:.5f}"
    names = [name_of(ground.region, "hazard_sites", where["hazard_site"])] if where["hazard_site"] else []
    names += [name_of(ground.region, "flood_zones", name) for name in where["flood_zones"]]
    zh, en = "、".join(n.of("zh") for n in names), ", ".join(n.of("en") for n in names)
    return (
        f"地点：{zh + '，' if zh else ''}经度、纬度 {degrees}",
        f"Place: {en + ', ' if en else ''}longitude, latitude {degrees}",
    )


def _weather(weather: Mapping[str, Any]) -> tuple[str, str] | None:
    if weather.get("wind_from_deg") is None and weather.get("wind_m_s") is None:
        return None
    wind_from, speed = weather.get("wind_from_deg"), weather.get("wind_m_s")
    zh = [f"风向 {wind_from:g}°"] if wind_from is not None else []
    en = [f"wind from {wind_from:g}°"] if wind_from is not None else []
    if speed is not None:
        zh, en = [*zh, f"风速 {speed:g} 米/秒"], [*en, f"{speed:g} m/s"]
    temperature = f"{weather['temperature_c']:g}"
    return f"气象：{'，'.join(zh)}，气温 {temperature} °C", f"Weather: {', '.join(en)}, {temperature} °C"


def _substance(report: Mapping[str, Any]) -> tuple[str, str] | None:
    found = report.get("substance")
    if not found:
        return None
    cas = f" (CAS {found['cas']})" if found.get("cas") else ""
    name = _known_name(found.get("cas") or found.get("name") or "")
    return f"物质：{name.of('zh')}{cas}", f"Substance: {name.of('en')}{cas}"


def _known_name(asked: str) -> Text:
    """The catalogue's name of a substance, or what was reported."""
    try:
        substance = find_substance(asked)
    except InputError:
        return Text.same(asked)
    return Text(substance.name_zh, substance.name_en)
