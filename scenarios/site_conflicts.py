"""Why no plan keeps all rules, in the planner's words."""

from optimizer.siting.infeasible import Shortfall, why_infeasible
from optimizer.watch import Watch
from scenarios.plan_further import Conflict
from scenarios.site_asked import asked_of
from scenarios.site_inputs import SitingInputs

_UNITS = {
    "places": "sites",
    "floor": "people",
    "coverage": "people",
    "service": "people",
    "capacity": "people",
}
_ZH = {
    "places": "可新增站数",
    "coverage": "要求覆盖的人口",
    "service": "要求人人可达",
    "capacity": "站点容量",
    "CNY": "元",
    "sites": "站",
    "people": "人",
}
_EN = {
    "places": "the number of sites",
    "coverage": "the people to be covered",
    "service": "that everybody is reached",
    "capacity": "what the sites can serve",
}


def conflicts(inputs: SitingInputs, watch: Watch) -> tuple[Conflict, ...]:
    """One way out as group 0, then the demands that exclude each other, group by group."""
    why = why_infeasible(inputs.problem, asked_of(inputs.ground.section), watch=watch)
    found = [_said(0, one) for one in why.mend]
    for number, conflict in enumerate(why.conflicts, start=1):
        found += [_said(number, one) for one in conflict.demands]
    return tuple(found)


def _said(group: int, one: Shortfall) -> Conflict:
    unit = _UNITS.get(one.kind) or ("CNY" if one.name.startswith("budget") else "sites")
    amount = None if one.amount is None else round(one.amount, 2)
    zh = _ZH.get(one.kind) or f"规则“{one.name}”"
    en = _EN.get(one.kind) or f"the rule {one.name!r}"
    if one.kind == "floor":
        zh, en = f"{one.name} 的最低覆盖", f"the floor of {one.name}"
    much_zh, much_en = (
        (" 若干", "") if amount is None else (f" {amount:,g} {_ZH[unit]}", f" by {amount:,g} {unit}")
    )
    return Conflict(
        group=group,
        kind=one.kind,
        rule=one.name or one.kind,
        amount=amount,
        unit=unit,
        text_zh=f"{zh}须放宽{much_zh}",
        text_en=f"{en} would have to give way{much_en}",
    )
