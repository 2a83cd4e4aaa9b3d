"""A replay on the page: its controls under the map, its course as JSON, its calls as layer and table."""

import json
from dataclasses import dataclass
from datetime import timedelta

from scenarios.drill_models import DrillScenario
from scenarios.report.drill_replay import Call, Replay, TeamCourse
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.map_style import symbol_path
from scenarios.report.page import PageReplay
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text, both

LAYER = "replay-calls"
HEADING = Text("回放", "Replay")
_SYMBOLS = {"waits": "diamond", "there": "square", "out": "triangle", "free": "pentagon"}
_KEYS = (
    ("waits", Text("呼叫等待", "a call waits")),
    ("there", Text("已有队伍到场", "a team is there")),
    ("out", Text("队伍出动", "a team is out")),
    ("free", Text("队伍空闲", "a team is free")),
)
_SPEEDS = (60, 300, 600, 1800, 3600)


@dataclass(frozen=True, slots=True)
class ReplayBlock:
    """What a page shows of a replay: controls and data, layer of the calls, their table, what is replayed."""

    replay: PageReplay
    layer: MapLayer
    table: Table
    note: Text


def replay_block(replay: Replay, scenario: DrillScenario) -> ReplayBlock:
    """The same replay gives the same bytes."""
    kinds = {kind.id: Text(kind.name_zh or kind.id, kind.name_en or kind.id) for kind in scenario.drill.kinds}
    return ReplayBlock(
        replay=PageReplay(_controls(replay), _data(replay, scenario)),
        layer=_layer(replay, scenario, kinds),
        table=_table(replay, scenario, kinds),
        note=_note(replay, scenario),
    )


def _clock(scenario: DrillScenario, at_s: float) -> str:
    return (scenario.drill.starts + timedelta(seconds=at_s)).strftime("%m-%d %H:%M")


def _note(replay: Replay, scenario: DrillScenario) -> Text:
    begin, hours = _clock(scenario, replay.from_s), (replay.to_s - replay.from_s) / 3600
    why = (
        Text("按所选时段", "as asked")
        if replay.chosen
        else Text("呼叫最多的时段", "those with the most calls")
    )
    return Text(
        f"回放第 1 次重复中 {begin} 起 {hours:g} 小时（{why.zh}），当地时间；车辆沿当时可通行的道路行驶。"
        "全部事件见 trace.csv。",
        f"Of replication 1, {hours:g} hours from {begin} local time ({why.en}); vehicles follow the roads"
        " that were open then. All events are in trace.csv.",
    )


def _controls(replay: Replay) -> str:
    """Hidden until the interactive map is there; every word in both languages."""
    speeds = "".join(
        f'<option value="{one}"{" selected" if one == 600 else ""}>×{one}</option>' for one in _SPEEDS
    )
    keys = "".join(
        f'<li class="replay-{key}"><svg width="16" height="16" viewBox="-11 -11 22 22" aria-hidden="true">'
        f'<path d="{symbol_path(_SYMBOLS[key])}"/></svg>{both(words)}</li>'
        for key, words in _KEYS
    )
    play, stop = Text("播放", "Play"), Text("暂停", "Pause")
    return (
        f'<div class="replay live-only" id="replay"><h3 id="replay-title">{both(HEADING)}</h3>'
        f'<div class="replay-bar"><button type="button" id="replay-play">'
        f'<span class="when-still">▶ {both(play)}</span><span class="when-playing">❚❚ {both(stop)}</span>'
        f'</button><select id="replay-speed" aria-label="× 倍速 speed">{speeds}</select>'
        f'<output id="replay-clock"></output><ul class="replay-keys">{keys}</ul></div>'
        f'<input type="range" id="replay-time" min="{replay.from_s:g}" max="{replay.to_s:g}" step="1"'
        f' value="{replay.from_s:g}" aria-labelledby="replay-title"></div>'
    )


def _data(replay: Replay, scenario: DrillScenario) -> str:
    start = scenario.drill.starts
    offset = start.utcoffset() or timedelta()
    data = {
        "startsMs": round((start.timestamp() + offset.total_seconds()) * 1000),
        "fromS": replay.from_s,
        "toS": replay.to_s,
        "symbols": {key: symbol_path(name) for key, name in _SYMBOLS.items()},
        "calls": [
            [str(one.number), one.at_s, one.ended_s, one.came_s, round(one.lon, 5), round(one.lat, 5)]
            for one in replay.calls
        ],
        "teams": [_team(one) for one in replay.teams],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _team(one: TeamCourse) -> list[object]:
    name = Text(one.team.name_zh or one.team.id, one.team.name_en or one.team.id)
    home = [round(part, 5) for part in one.home]
    return [[name.zh, name.en], home, one.drives, one.out]


def _layer(replay: Replay, scenario: DrillScenario, kinds: dict[str, Text]) -> MapLayer:
    return MapLayer(
        id=LAYER,
        title=Text("回放时段的呼叫", "Calls of the hours replayed"),
        kind="point",
        style="drill_call",
        shown=False,
        features=tuple(
            Feature(
                id=str(one.number),
                geometry={"type": "Point", "coordinates": [one.lon, one.lat]},
                title=kinds[one.kind],
                values=(_clock(scenario, one.at_s), _response_s(one)),
            )
            for one in replay.calls
        ),
        columns=(Column("at", Text("时间", "At")), Column("response", Text("响应", "Response"), "minutes")),
    )


def _response_s(one: Call) -> float | None:
    return None if one.came_s is None else one.came_s - one.at_s


def _table(replay: Replay, scenario: DrillScenario, kinds: dict[str, Text]) -> Table:
    columns = (
        Column("at", Text("时间", "At")),
        Column("kind", Text("类型", "Kind")),
        Column("response", Text("首队响应", "First team there"), "minutes"),
        Column("ended", Text("结束", "Ended")),
    )
    return Table(
        "replay-table",
        Text("回放时段的呼叫（点击一行即从该时刻回放）", "Calls of these hours; a click replays from there"),
        columns,
        tuple(
            Row(
                (_clock(scenario, one.at_s), kinds[one.kind], _response_s(one), _end(one, scenario)),
                style="warning" if one.lost else "plain",
                feature=(LAYER, str(one.number)),
            )
            for one in replay.calls
        ),
    )


def _end(one: Call, scenario: DrillScenario) -> Text:
    if one.lost:
        return Text("无人响应", "lost")
    return Text("未结束", "open") if one.ended_s is None else Text.same(_clock(scenario, one.ended_s))
