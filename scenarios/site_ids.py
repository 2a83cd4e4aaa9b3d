"""Ids that a siting scenario names, held against what there is: all that are wrong at once."""

from collections.abc import Iterable, Iterator, Sequence

from geo.errors import Fault, InputError
from optimizer.problem import Int64s
from scenarios.scenario_models import SitingSection
from scenarios.site_places import Sites
from scenarios.siting_rules import Rules


def refuse_unknown_ids(section: SitingSection, sites: Sites, usable: Int64s) -> None:
    """Every id must be one that it can be; ``usable``: sites that may be open, shape (u,).

    Raises
    ------
    InputError
        S122 stations that do not stand under keep, closable, movable or closed by hand, S143 rules that name
        no usable site, S146 drawn sites that nobody knows, or places of one's own named like a site.
    """
    faults = [*_stations(section, sites), *_rules(section.rules, sites, usable), *_drawn(section, sites)]
    if faults:
        raise InputError(faults)


def _stations(section: SitingSection, sites: Sites) -> Iterator[Fault]:
    known = {site.id for site, stands in zip(sites.places, sites.existing, strict=True) if stands}
    named = [("keep", one) for one in (section.keep if section.keep != "existing" else ())]
    named += [("closable", one) for one in section.closable]
    named += [("rules.movable", one) for one in section.rules.movable]
    named += [("drawn.close", one) for one in (section.drawn.close if section.drawn else ())]
    for key, one in named:
        if one not in known:
            yield Fault(
                code="S122",
                where=f"siting.{key}",
                found=f"the station {one!r}",
                wanted=f"what stands of the forces asked for: {', '.join(sorted(known)) or 'none'}",
                fix="Correct the id, or remove it.",
            )


def _rules(rules: Rules, sites: Sites, usable: Int64s) -> Iterator[Fault]:
    known = {sites.places[number].id for number in usable.tolist()}
    for key, ids, among in _named(rules, known, {place.id for place in sites.places}):
        for one in ids:
            if one not in among:
                yield Fault(
                    code="S143",
                    where=f"siting.rules.{key}",
                    found=f"the site {one!r}",
                    wanted="a candidate that is not barred, or an existing station that may stay",
                    fix="Correct the id, remove it from the rule, or do not bar it.",
                )


def _named(
    rules: Rules, known: set[str], everywhere: set[str]
) -> Iterable[tuple[str, Sequence[str], Iterable[str]]]:
    """Every id that a rule names, with the ids it may be."""
    yield "bar", rules.bar, everywhere
    yield "must_open", rules.must_open, known
    for pair in rules.apart:
        yield "apart", pair, known
    for pair in rules.together:
        yield "together", pair, known
    for one, others in rules.needs.items():
        yield "needs", (one, *others), known
    for group in rules.groups:
        yield f"groups ({group.name})", group.sites, known
    if isinstance(rules.capacity_people, dict):
        yield "capacity_people", tuple(rules.capacity_people), known


def _drawn(section: SitingSection, sites: Sites) -> Iterator[Fault]:
    """Drawn sites must be known, and drawn places not be named like a site that is."""
    if section.drawn is None:
        return
    known = {place.id for place, drawn in zip(sites.places, sites.drawn, strict=True) if not drawn}
    for key, ids, wrong, wanted in (
        ("sites", section.drawn.sites, lambda one: one not in known, "a candidate, or what stands"),
        ("places", [p.id for p in section.drawn.places], known.__contains__, "an id of its own"),
    ):
        for one in filter(wrong, ids):
            yield Fault(
                code="S146",
                where=f"siting.drawn.{key}",
                found=repr(one),
                wanted=wanted,
                fix="Correct the id; a place of your own goes under drawn.places with an id that is free.",
            )
