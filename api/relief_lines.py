"""People relocated and supplied, in a few lines of a terminal."""

from collections.abc import Iterator

from scenarios.relief_plan import ItemShortage, MaterialsPlan, Relief
from scenarios.report.dispatch_words import named
from scenarios.report.relief_words import either


def relief_lines(relief: Relief) -> Iterator[str]:
    """Who is relocated by when, what the shelters get by when, and what is short."""
    people = relief.evacuation
    yield (
        f"  relocated: {people.people - people.left:,} of {people.people:,} people ({people.by_bus:,} by bus,"
        f" {people.driving:,} driving), last there {_hours(people.last_arrival_s)} ({people.status})"
    )
    for shelter in relief.shelters:
        yield (
            f"    {named(shelter).of('en')}: {shelter.people:,} of {shelter.capacity:,} places,"
            f" people {_hours(shelter.people_s)}, materials {_hours(shelter.materials_s)}"
        )
    yield from _left_lines(relief)
    if relief.materials is not None:
        yield from _materials_lines(relief.materials, relief.due_s)


def _left_lines(relief: Relief) -> Iterator[str]:
    for place in relief.places:
        if place.left:
            yield f"  X310 left: {place.left:,} people at {named(place).of('en')}, {place.why_left}"


def _materials_lines(found: MaterialsPlan, due_s: float) -> Iterator[str]:
    trucks = len({(trip.team_id, trip.truck) for trip in found.trips})
    yield (
        f"  materials: {sum(item.sent for item in found.items):,} pieces in {len(found.trips)} trips of"
        f" {trucks} trucks, last handed over {_hours(found.last_s)}, due {_hours(due_s)} ({found.status})"
    )
    for short in found.shortages:
        what = either(short.name_zh, short.name_en, short.item_id).of("en")
        yield f"  {short.code} short: {short.short:,} {what}{_source(short)}"


def _source(short: ItemShortage) -> str:
    near = short.nearest
    if near is None:
        return "; nobody holds or promised any more"
    when = "" if near.hand_over_s is None else f", there after {_hours(near.hand_over_s)}"
    return f"; nearest {near.supplier or near.depot_id}, {near.mode} {near.pieces:,}, {near.why}{when}"


def _hours(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds / 3600:.1f} h"
