"""Lines of a log as sentences in both languages."""

from collections.abc import Callable, Mapping
from typing import Any

from scenarios.report.dispatch_words import HAZARDS
from scenarios.report.text import Text

Names = Mapping[str, Text]
"""Names of teams by id."""
Detail = Mapping[str, Any]

STATUSES = {
    "available": Text("待命", "available"),
    "committed": Text("已受令", "committed"),
    "en_route": Text("赶赴途中", "en route"),
    "on_scene": Text("已到场", "on scene"),
    "returning": Text("返回途中", "returning"),
    "off_duty": Text("休整", "off duty"),
    "issued": Text("已下达", "issued"),
    "completed": Text("已完成", "completed"),
    "released": Text("已撤回", "released"),
    "diverted": Text("已改派", "diverted"),
}
REPORTS = {
    "first": Text("首报", "first report"),
    "follow_up": Text("续报", "follow-up report"),
    "final": Text("终报", "final report"),
}
_UNNAMED = Text("未命名", "unnamed")


def said(action: str, subject: str, detail: Detail, names: Names) -> Text:
    """One row of the audit as a sentence; an action nobody worded is shown by its own name."""
    word = _WORDS.get(action)
    if word is None:
        return Text.same(f"{action} {subject}")
    text = word(subject, detail, names)
    why = str(detail.get("why") or "")
    return Text(f"{text.zh}：{why}", f"{text.en}: {why}") if why else text


def _reported(_: str, detail: Detail, __: Names) -> Text:
    report = detail["report"]
    hazard, level = HAZARDS[report["hazard"]], report["level"]
    name = Text(report["name_zh"] or report["name_en"], report["name_en"] or report["name_zh"])
    zh, en = (f"“{name.zh}”", f' "{name.en}"') if name.zh else ("", "")
    return Text(f"接报{zh}：{hazard.zh}，{level} 级", f"Reported{en}: {hazard.en}, level {level}")


def _corrected(subject: str, detail: Detail, names: Names) -> Text:
    text = _reported(subject, detail, names)
    return Text(f"更正（第 {detail['version']} 版）：{text.zh}", f"Version {detail['version']}: {text.en}")


def _committed(subject: str, detail: Detail, names: Names) -> Text:
    teams = [names.get(name, Text.same(name)) for name in sorted(detail["orders"])]
    zh = f"下达方案 {subject}，{_approval_zh(detail)}：{'、'.join(t.zh for t in teams) or '无队伍'}"
    en = f"Plan {subject} committed, {_approval_en(detail)}: {', '.join(t.en for t in teams) or 'no team'}"
    return Text(zh, en)


def _approval_zh(detail: Detail) -> str:
    verbally = detail.get("approved_verbally_by")
    return f"{verbally} 口头批准（待确认）" if verbally else f"{detail.get('approved_by')} 批准"


def _approval_en(detail: Detail) -> str:
    verbally = detail.get("approved_verbally_by")
    return (
        f"approved verbally by {verbally} (to be confirmed)"
        if verbally
        else f"approved by {detail.get('approved_by')}"
    )


def _step(zh: str, en: str) -> Callable[[str, Detail, Names], Text]:
    def words(_: str, detail: Detail, __: Names) -> Text:
        level = detail["level"]
        return Text(
            f"{zh.format(level)}，{_approval_zh(detail)}", f"{en.format(level)}, {_approval_en(detail)}"
        )

    return words


def _confirmed(subject: str, detail: Detail, _: Names) -> Text:
    who = detail["approved_verbally_by"]
    return Text(f"确认 {who} 对 {subject} 的口头批准", f"Verbal approval of {subject} by {who} confirmed")


def _order(zh: str, en: str) -> Callable[[str, Detail, Names], Text]:
    def words(_: str, detail: Detail, names: Names) -> Text:
        team = names.get(detail["team_id"], Text.same(detail["team_id"]))
        return Text(f"{team.zh} {zh}", f"{team.en} {en}")

    return words


def _status(subject: str, detail: Detail, names: Names) -> Text:
    team, after = names.get(subject, Text.same(subject)), STATUSES[detail["after"]]
    return Text(f"{team.zh}：{after.zh}", f"{team.en}: {after.en}")


def _closure(subject: str, detail: Detail, _: Names) -> Text:
    what = detail.get("reason") or ", ".join(detail.get("road_ids") or ()) or subject
    return Text(f"道路封闭 {subject}：{what}", f"Roads closed, {subject}: {what}")


def _issued(subject: str, detail: Detail, _: Names) -> Text:
    kind, number = REPORTS[detail["kind"]], detail["number"]
    return Text(f"印发信息报告第 {number} 期（{kind.zh}）", f"Report no. {number} issued ({kind.en})")


OUTCOMES: Mapping[str, Text] = {
    "unmatched": Text(
        "：其引用的消息未曾收到，请核对是否已有同一事件",
        ": the messages it goes on from never came; look whether it is known already",
    ),
    "superseded": Text("：此前收到的后续消息仍然有效", ": a later message that came before it holds"),
}


def _alert(zh: str, en: str) -> Callable[[str, Detail, Names], Text]:
    def words(_: str, detail: Detail, __: Names) -> Text:
        about = f"{detail['msg_type']} {detail['identifier']}"
        more = OUTCOMES.get(detail.get("outcome", ""), Text("", ""))
        return Text(
            f"{zh} {about}（{detail['sender']}）{more.zh}", f"{en} {about} ({detail['sender']}){more.en}"
        )

    return words


def _plain(zh: str, en: str) -> Callable[[str, Detail, Names], Text]:
    return lambda subject, _, __: Text(zh.format(subject), en.format(subject))


_WORDS: Mapping[str, Callable[[str, Detail, Names], Text]] = {
    "incident.reported": _reported,
    "incident.corrected": _corrected,
    "incident.closed": _plain("事件结束", "Incident closed"),
    "incident.cancelled": _plain("事件撤销", "Incident cancelled"),
    "plan.proposed": _plain("提出方案 {}", "Plan {} proposed"),
    "plan.committed": _committed,
    "plan.confirmed": _confirmed,
    "plan.ended": _plain("方案 {} 执行完毕", "Plan {} carried out"),
    "order.issued": _order("受令", "ordered"),
    "order.confirmed": _confirmed,
    "order.completed": _order("完成任务", "completed its task"),
    "order.released": _order("撤回", "released"),
    "order.diverted": _order("改派", "diverted"),
    "team.status": _status,
    "response.start": _step("启动 {} 级响应", "Response started at level {}"),
    "response.raise": _step("响应提升至 {} 级", "Response raised to level {}"),
    "response.lower": _step("响应降至 {} 级", "Response lowered to level {}"),
    "response.end": _step("终止 {} 级响应", "Response at level {} ended"),
    "response.confirmed": _confirmed,
    "closure.reported": _closure,
    "closure.lifted": _plain("道路恢复通行 {}", "Roads open again, {}"),
    "log.entry": lambda _, detail, __: Text.same(detail["text"]),
    "report.issued": _issued,
    "alert.taken": _alert("收到预警", "Alert taken in:"),
    "alert.given": _alert("发布预警", "Alert given out:"),
}
