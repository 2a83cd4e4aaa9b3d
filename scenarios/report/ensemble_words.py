"""The figures of an ensemble in words, and how their numbers are written."""

import re

from scenarios.report.text import Format, Text

_WORDS = {
    "slots_asked": Text("需派队次", "Slots asked for"),
    "slots_filled": Text("已派队次", "Slots filled"),
    "slots_in_time": Text("按时到达队次", "Slots filled in time"),
    "first_arrival_s": Text("首支队伍到达", "First team there"),
    "complement_s": Text("全部力量到达", "Full complement there"),
    "aid_teams": Text("外援队伍", "Teams of mutual aid"),
    "weighted_arrival_s": Text("加权到达时间", "Weighted arrival"),
    "people_in_zones": Text("危险区内人口", "People in zones"),
    "people_sheltered": Text("安置人数", "People sheltered"),
    "objective": Text("目标值", "Objective"),
    "bound": Text("界", "Bound"),
    "gap": Text("差距", "Gap"),
    "calls": Text("警情", "Calls"),
    "calls_served": Text("已处置", "Calls served"),
    "calls_lost": Text("无队可派", "Calls lost"),
    "calls_open": Text("期末未结束", "Calls still open at the end"),
    "slots_short": Text("缺派队次", "Teams asked for and never sent"),
    "in_time_share": Text("按时到达比例", "Calls reached in time"),
    "response_mean_s": Text("平均响应时间", "Mean response"),
    "response_p50_s": Text("响应时间中位数", "Median response"),
    "response_p90_s": Text("响应时间 90% 分位", "90th percentile of response"),
    "response_p95_s": Text("响应时间 95% 分位", "95th percentile of response"),
    "utilisation_share": Text("队伍平均占用率", "Mean utilisation of teams"),
    "first_stage_cny": Text("储备费用", "Spent before the event"),
    "penalty_cny": Text("短缺罚值", "Penalty of shortages"),
    "served_people_counted": Text("保障齐全人数（推算）", "People served in full (counted)"),
    "served_people_played": Text("保障齐全人数（模拟）", "People served in full (played)"),
    "trips": Text("车次", "Trips of trucks"),
    "dock_wait_mean_s": Text("平均等候装车时间", "Mean wait for loading"),
}
_STARTS = {
    "covered_share_": Text("达标人口比例", "People in time"),
    "mean_response_s_": Text("平均响应时间", "Mean response"),
    "met_share_": Text("需求满足率", "Needs met by"),
}


_HOW = {"counted": Text("推算", "counted"), "played": Text("模拟", "played")}
_WINDOW = re.compile(r"met_share_(?P<hours>[\d.]+)h_(?P<how>counted|played)")

STATUSES = {
    "optimal": Text("已证明最优", "proven optimal"),
    "feasible": Text("可行", "feasible"),
    "infeasible": Text("无可行方案", "no plan"),
    "cancelled": Text("已取消", "cancelled"),
    "done": Text("完成", "done"),
    "": Text("完成", "done"),
}


def figure_text(name: str) -> Text:
    """The title of a figure; one of no known name keeps it."""
    if name in _WORDS:
        return _WORDS[name]
    if window := _WINDOW.fullmatch(name):
        hours, how = window["hours"], _HOW[window["how"]]
        return Text(f"{hours} 小时内需求满足率（{how.zh}）", f"Needs met within {hours} h ({how.en})")
    for start, words in _STARTS.items():
        if name.startswith(start):
            rest = name.removeprefix(start).replace("_", " ")
            return Text(f"{words.zh}（{rest}）", f"{words.en} ({rest})")
    return Text.same(name.replace("_", " "))


def figure_format(name: str) -> Format:
    """How a figure is written, by the unit in its name."""
    parts = name.split("_")
    if "share" in parts or name == "gap":
        return "percent"
    if "s" in parts and name != "weighted_arrival_s":
        return "minutes"
    return "yuan" if parts[-1] == "cny" else "decimal"
