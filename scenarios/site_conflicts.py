"""Why no plan keeps all rules, in the planner's words."""

from collections.abc import Iterator

from optimizer.siting.elastic_program import Elastic, elastic
from optimizer.siting.infeasible import Shortfall, why_infeasible
from optimizer.watch import Watch
from scenarios.plan_further import Conflict, Example
from scenarios.rule_words import floor_zh, rule_zh
from scenarios.site_asked import asked_of
from scenarios.site_choice import Choice, numbers, standing_ids, stated_choice
from scenarios.site_inputs import SitingInputs
from scenarios.site_layout import PlainLayout

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
_ROUNDED = 0.01


def conflicts(inputs: SitingInputs, watch: Watch) -> tuple[Conflict, ...]:
    """One way out as group 0, then the demands that exclude each other, group by group."""
    why = why_infeasible(inputs.problem, asked_of(inputs.ground.section), watch=watch)
    found = [_said(inputs, 0, one) for one in why.mend]
    for number, conflict in enumerate(why.conflicts, start=1):
        found += [_said(inputs, number, one) for one in conflict.demands]
    return tuple(found)


def wrong_conflicts(inputs: SitingInputs, said: tuple[Conflict, ...]) -> Iterator[str]:
    """What does not hold of stated conflicts: words, and amounts that their examples do not need.

    That no smaller amount is enough cannot be seen without a solver.
    """
    task = elastic(inputs.problem, asked_of(inputs.ground.section))
    known = {(demand.kind, demand.name or demand.kind) for demand in task.demands}
    groups = [one.group for one in said]
    if groups != sorted(groups) or {*groups} - {*range(len({*groups, 0}))}:
        yield "groups are not numbered in order"
    for one in said:
        if (one.kind, one.rule) not in known:
            yield f"nothing is asked by the name {one.rule!r}"
        elif _worded(one.group, one.kind, one.rule, one.amount, one.example) != one:
            yield f"{one.rule}: the words do not say what the figures do"
        yield from _example_fails(inputs, task, said, one)
    if len({(one.group, one.kind, one.rule) for one in said}) < len(said):
        yield "a demand is named twice in a group"


def _example_fails(
    inputs: SitingInputs, task: Elastic, said: tuple[Conflict, ...], one: Conflict
) -> Iterator[str]:
    """Whether the demand gives way by its amount in its example, and the others of its group hold."""
    if one.example is None:
        if one.amount is not None and isinstance(inputs.layout, PlainLayout):
            yield f"{one.rule}: no example is given for the amount"
        return
    try:
        chosen = inputs.layout.columns(_stated(inputs, one.example))
    except (KeyError, ValueError):
        chosen = ()
    if _example(inputs, chosen) != one.example:
        yield f"{one.rule}: the example is not a choice that the scenario allows"
        return
    mates = {(o.kind, o.rule) for o in said if o.group == one.group}
    for number, demand in enumerate(task.demands):
        name = demand.name or demand.kind
        beyond = task.beyond(number, chosen)
        if (demand.kind, name) == (one.kind, one.rule):
            if beyond is not None and one.amount is not None and abs(beyond - one.amount) > _ROUNDED:
                yield f"{one.rule}: the example needs {beyond:g}, not {one.amount:g}"
        elif beyond and ((demand.kind, name) in mates) != (one.group == 0):
            yield f"{one.rule}: its example breaks {name}"
    yield from _no_conflict(task, said, chosen)


def _no_conflict(task: Elastic, said: tuple[Conflict, ...], chosen: tuple[int, ...]) -> Iterator[str]:
    """Groups all of whose demands one choice keeps, which then exclude nothing."""
    broken = {
        (demand.kind, demand.name or demand.kind)
        for number, demand in enumerate(task.demands)
        if task.beyond(number, chosen) != 0
    }
    for group in sorted({one.group for one in said} - {0}):
        if not broken & {(one.kind, one.rule) for one in said if one.group == group}:
            yield f"conflict {group}: an example keeps all its demands"


def _said(inputs: SitingInputs, group: int, one: Shortfall) -> Conflict:
    amount = None if one.amount is None else round(one.amount, 2)
    example = None if amount is None else _example(inputs, one.chosen)
    return _worded(group, one.kind, one.name or one.kind, amount, example)


def _example(inputs: SitingInputs, chosen: tuple[int, ...]) -> Example | None:
    """The choice in ids; none where some column stands for nothing that a plan states."""
    choice, sites = inputs.layout.choice(chosen), inputs.sites
    usable = set(inputs.ground.usable.tolist())
    said = Example(
        sites=tuple(sites.places[number].id for number in choice.new(sites)),
        closed=tuple(sites.places[n].id for n in choice.closed(sites) if n in usable),
        teams=choice.teams_at(sites),
        years=choice.years(sites),
        moves=choice.moved(sites),
    )
    try:
        same = inputs.layout.columns(_stated(inputs, said)) == tuple(sorted(chosen))
    except KeyError:
        same = False
    return said if same else None


def _stated(inputs: SitingInputs, said: Example) -> Choice:
    usable, number = set(inputs.ground.usable.tolist()), numbers(inputs.sites)
    gone = [one for one in standing_ids(inputs.sites) if number[False, one] not in usable]
    return stated_choice(
        inputs.sites,
        new=said.sites,
        closed=[*said.closed, *gone],
        teams=said.teams,
        years=said.years,
        moved=said.moves,
    )


def _worded(group: int, kind: str, name: str, amount: float | None, example: Example | None) -> Conflict:
    """A conflict with its unit and its words."""
    unit = _UNITS.get(kind) or ("CNY" if name.startswith("budget") else "sites")
    zh = _ZH.get(kind) or f"规则“{rule_zh(name)}”"
    en = _EN.get(kind) or f"the rule {name!r}"
    if kind == "floor":
        zh, en = f"{floor_zh(name)}的最低覆盖", f"the floor of {name}"
    much_zh, much_en = (
        (" 若干", "") if amount is None else (f" {amount:,g} {_ZH[unit]}", f" by {amount:,g} {unit}")
    )
    return Conflict(
        group=group,
        kind=kind,
        rule=name,
        amount=amount,
        unit=unit,
        text_zh=f"{zh}须放宽{much_zh}",
        text_en=f"{en} would have to give way{much_en}",
        example=example,
    )
