"""One departure on roads that close and open: earliest arrivals, against a search over every decisecond.

The oracle knows neither profiles nor ends of closures: it tries to start at each decisecond, and watches each
decisecond of a crossing.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.closures import Closure
from geo.metric import IMPASSABLE
from geo.roads import Floats, RoadGraph
from geo.snap import Snapped
from geo.travel import TravelTimes
from tests.geo.drawn_roads import DEGREE, TRUCK, roads_of

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
END_DS = 120
"""No closure of a drawn day begins or ends later; what is not reached long after that never is."""


def after(ds: float) -> datetime:
    """Deciseconds after noon."""
    return NOON + timedelta(seconds=ds / 10)


def ds_of(instant: datetime | None, otherwise: float) -> float:
    """Deciseconds after noon, not rounded."""
    return otherwise if instant is None else (instant - NOON) / timedelta(milliseconds=100)


@dataclass(frozen=True)
class Day:
    """Roads, what happens to them around noon, and places with their ways to the road."""

    roads: RoadGraph
    closures: list[Closure]
    places: Snapped

    def travel(self) -> TravelTimes:
        return TravelTimes(self.roads, TRUCK).with_closures(self.closures, NOON)


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Short roads with loops, parallels and one-ways, up to five closures, places anywhere on edges."""
    n = draw(st.integers(2, 5))
    spots = [(0, 0), (3, 0), (0, 3), (3, 3), (6, 1)][:n]
    end = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(end, end), min_size=1, max_size=7))
    which = st.sets(st.integers(0, len(edges) - 1))
    length = st.one_of(st.just(0.0), st.integers(1, 60).map(float))
    roads = roads_of(spots, edges, length_m=[draw(length) for _ in edges], oneway=draw(which))
    turns = turns_of(roads)
    turn = st.sampled_from(turns) if turns else st.nothing()
    slow = draw(st.lists(turn, max_size=2, unique=True)) if turns else []
    barred = draw(st.lists(turn, max_size=2, unique=True)) if turns else []
    roads = with_turns(roads, barred, slow, [draw(st.integers(0, 30)) for _ in slow])
    count = draw(st.integers(1, 2))
    place = Snapped(
        edge=np.array([draw(st.integers(0, len(edges) - 1)) for _ in range(count)], np.int32),
        fraction=np.array([draw(st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 0.9, 1.0])) for _ in range(count)]),
        access_m=np.array([draw(st.sampled_from([0.0, 0.0, 3.0])) for _ in range(count)]),
        lonlat=np.full((count, 2), [106.0, 39.0]),
    )
    closures = [draw(closures_on(len(edges), number)) for number in range(draw(st.integers(1, 5)))]
    return Day(roads=roads, closures=closures, places=place)


@st.composite
def closures_on(draw: st.DrawFn, edges: int, number: int) -> Closure:
    """A road shut or slowed for a while, some of it between two deciseconds."""
    begin = draw(st.one_of(st.none(), st.integers(-20, 60), st.just(12.4)))
    end = draw(st.one_of(st.none(), st.integers(0, 50).map(lambda ds: (begin or 0) + ds), st.just(110)))
    slowed = draw(st.sampled_from([None, 0.5, 0.2]))
    return Closure(
        id=str(number),
        edges=(draw(st.integers(0, edges - 1)),),
        closed=slowed is None,
        speed_factor=slowed,
        valid_from=None if begin is None else after(begin),
        valid_to=None if end is None else after(end),
    )


def turns_of(roads: RoadGraph) -> list[tuple[int, int]]:
    tail, head = ends(roads)
    return [(a, b) for a in range(len(tail)) for b in range(len(tail)) if head[a] == tail[b]]


def ends(roads: RoadGraph) -> tuple[list[int], list[int]]:
    tail = np.stack((roads.edge_from, roads.edge_to), axis=1).ravel()
    head = np.stack((roads.edge_to, roads.edge_from), axis=1).ravel()
    return tail.tolist(), head.tolist()


def with_turns(
    roads: RoadGraph, barred: list[tuple[int, int]], slow: list[tuple[int, int]], delay_ds: list[int]
) -> RoadGraph:
    return replace(
        roads,
        turns=np.array(sorted(barred), np.int32).reshape(-1, 2),
        slow_turns=np.array(slow, np.int32).reshape(-1, 2),
        turn_delay_ds=np.array(delay_ds, np.int32),
    )


class Clock:
    """Earliest arrivals by trying every decisecond."""

    def __init__(self, day: Day) -> None:
        self.day, self.open_ds = day, TravelTimes(day.roads, TRUCK).conditions.open_ds.tolist()
        self.tail, self.head = ends(day.roads)
        self.barred = set(map(tuple, day.roads.turns.tolist()))
        slow = map(tuple, day.roads.slow_turns.tolist())
        self.delay = dict(zip(slow, day.roads.turn_delay_ds.tolist(), strict=True))
        self.spans = [(ds_of(c.valid_from, -np.inf), ds_of(c.valid_to, np.inf)) for c in day.closures]
        self.arrivals: dict[tuple[int, float, float, bool], Floats] = {}

    def weight(self, arc: int, share: float) -> float:
        return np.inf if share == 0 else min(np.floor(self.open_ds[arc] / share + 0.5), IMPASSABLE - 1)

    def crossed(self, arc: int, enter: int, near: float, far: float, *, shut_ok: bool = False) -> float:
        """Arrival of who enters at one instant: slower and slower until no stricter closure is met."""
        if self.open_ds[arc] >= IMPASSABLE:
            return np.inf
        weight = float(self.open_ds[arc])
        while True:
            leave = enter + abs(np.floor(weight * far + 0.5) - np.floor(weight * near + 0.5))
            met = [
                1.0 if c.closed and shut_ok else c.passing_share(TRUCK)
                for c, (begin, end) in zip(self.day.closures, self.spans, strict=True)
                if arc // 2 in c.edges and enter <= end and leave >= begin
            ]
            slower = max([weight, *(self.weight(arc, share) for share in met)])
            if slower == np.inf:
                return np.inf
            if slower == weight:
                return float(leave)
            weight = slower

    def arrives(self, arc: int, at: float, near: float, far: float, *, shut_ok: bool = False) -> float:
        if at == np.inf:
            return np.inf
        key = arc, near, far, shut_ok
        if key not in self.arrivals:
            each = [self.crossed(arc, enter, near, far, shut_ok=shut_ok) for enter in range(END_DS + 1)]
            self.arrivals[key] = np.minimum.accumulate(np.array(each)[::-1])[::-1]
        if at > END_DS:
            return self.crossed(arc, int(at), near, far, shut_ok=shut_ok)
        return float(self.arrivals[key][int(at)])

    def leaves(self, arc: int, at: int, near: float, far: float) -> float:
        """From a place inside an edge to its end: a closed road does not hold who stands on it."""
        shut = [c for c in self.day.closures if c.closed and arc // 2 in c.edges and c.in_force(after(at))]
        if not shut or self.open_ds[arc] >= IMPASSABLE:
            return self.arrives(arc, at, near, far, shut_ok=True)
        open_ds = self.open_ds[arc]
        return at + abs(float(np.floor(open_ds * far + 0.5) - np.floor(open_ds * near + 0.5)))

    def by_arc(self, edge: int, share: float, at: int) -> dict[int | None, dict[int, float]]:
        """When a vehicle is at a junction, by the last arc that it drove, ``None`` = none; by junction."""
        first: dict[tuple[int | None, int], float] = {}
        for side, junction in enumerate((self.day.roads.edge_from[edge], self.day.roads.edge_to[edge])):
            arc = 2 * edge + 1 - side
            if share == side:
                first[(None, int(junction))] = at
            elif share != 1 - side:
                first[(arc, int(junction))] = self.leaves(arc, at, share, float(side))
        known = {key: ds for key, ds in first.items() if ds < np.inf}
        queue = list(known)
        while queue:  # label correcting: no order that could be wrong
            last, junction = key = queue.pop(0)
            for arc in range(len(self.tail)):
                if self.tail[arc] != junction or (last, arc) in self.barred:
                    continue
                turned = known[key] + (self.delay.get((last, arc), 0) if last is not None else 0)
                reach = self.arrives(arc, turned, *self.whole(arc))
                if reach < known.get((arc, self.head[arc]), np.inf):
                    known[(arc, self.head[arc])] = reach
                    queue.append((arc, self.head[arc]))
        grouped: dict[int | None, dict[int, float]] = {}
        for (last, junction), ds in known.items():
            grouped.setdefault(last, {})[junction] = ds
        return grouped

    def whole(self, arc: int) -> tuple[float, float]:
        return (1.0, 0.0) if arc % 2 else (0.0, 1.0)

    def matrix_s(self) -> Floats:
        place, count = self.day.places, len(self.day.places)
        access = TravelTimes(self.day.roads, TRUCK).access_ds(place).tolist()
        found: Floats = np.full((count, count), np.inf)
        for i in range(count):
            edge, share = int(place.edge[i]), float(place.fraction[i])
            known = self.by_arc(edge, share, access[i])
            for j in range(count):
                best = self.best(known, int(place.edge[j]), float(place.fraction[j]))
                if place.edge[j] == edge:
                    there = float(place.fraction[j])
                    own = self.arrives(2 * edge + (there < share), access[i], share, there)
                    best = min(best, access[i] if there == share else own)
                found[i, j] = (best + access[j]) / 10
        return found

    def best(self, known: dict[int | None, dict[int, float]], edge: int, share: float) -> float:
        best = np.inf
        for last, at in known.items():
            for side, junction in enumerate((self.day.roads.edge_from[edge], self.day.roads.edge_to[edge])):
                arc, here = 2 * edge + side, at.get(int(junction), np.inf)
                if share == side:
                    best = min(best, here)
                elif share != 1 - side and (last, arc) not in self.barred and here < np.inf:
                    turned = here + (self.delay.get((last, arc), 0) if last is not None else 0)
                    best = min(best, self.arrives(arc, turned, float(side), share))
        return best


@settings(deadline=None, max_examples=30)
@given(days())
def test_every_pair_is_the_earliest_arrival_of_the_oracle(day: Day) -> None:
    found = day.travel().matrix_s(day.places, day.places)
    assert np.array_equal(found, Clock(day).matrix_s())


@settings(deadline=None, max_examples=30)
@given(days())
def test_other_questions_agree_with_the_matrix(day: Day) -> None:
    """Nearest, covered, mean and worst, and the time of each route."""
    travel, places = day.travel(), day.places
    seconds = travel.matrix_s(places, places)
    _, first = travel.nearest(places, places, 1)
    assert np.array_equal(first[:, 0], seconds.min(axis=0))
    pairs = travel.covered(places, places, [3.0, 20.0])
    for limit_s, found in zip([3.0, 20.0], pairs, strict=True):
        assert np.array_equal(np.stack((found.point, found.station)), np.nonzero(limit_s >= seconds.T))
    _, worst, _ = travel.mean_and_worst_s(places, places, np.ones(len(places)))
    assert np.array_equal(worst, seconds.max(axis=1))
    for i, j in np.ndindex(seconds.shape):
        route = travel.route(one(places, i), one(places, j))
        assert route.reached == bool(np.isfinite(seconds[i, j]))
        assert not route.reached or route.travel_s == seconds[i, j]


def one(places: Snapped, i: int) -> Snapped:
    return Snapped(
        edge=places.edge[[i]],
        fraction=places.fraction[[i]],
        access_m=places.access_m[[i]],
        lonlat=places.lonlat[[i]],
    )


@settings(deadline=None, max_examples=40)
@given(days())
def test_no_closed_road_is_crossed_at_any_instant(day: Day) -> None:
    """The arcs of routes between junctions, each entered as early as it can be, take the time said."""
    travel, clock = day.travel(), Clock(day)
    junctions = [
        Snapped(edge=np.array([0], np.int32), fraction=np.array([f]), access_m=np.zeros(1), lonlat=NOWHERE)
        for f in (0.0, 1.0)
    ]
    for origin in junctions:
        for goal in junctions:
            route = travel.route(origin, goal)
            if not route.reached:
                continue
            at, last = 0.0, None
            for arc in route.arcs.tolist():
                assert (last, arc) not in clock.barred
                at += clock.delay.get((last, arc), 0) if last is not None else 0
                at, last = clock.arrives(arc, at, *clock.whole(arc)), arc
            assert at / 10 == route.travel_s


NOWHERE = np.array([[106.0, 39.0]])


@settings(deadline=None, max_examples=40)
@given(days())
def test_closures_without_times_are_answered_as_without_a_departure(day: Day) -> None:
    """The search over time, asked for by a closure far away in time, equals the hierarchy."""
    lasting = [replace(closure, valid_from=None, valid_to=None) for closure in day.closures]
    late = replace(lasting[0], id="late", valid_from=after(1e6))
    plain = TravelTimes(day.roads, TRUCK).with_closures(lasting)
    timed = plain.with_closures([*lasting, late], NOON)
    assert plain.changing is None
    assert plain.with_closures(lasting, NOON).changing is None
    assert timed.changing is not None
    expected = plain.matrix_s(day.places, day.places)
    assert np.array_equal(timed.matrix_s(day.places, day.places), expected)
    rows = timed._rows_ds(day.places, day.places, np.arange(len(day.places)))
    searched = np.array([row for _, row in rows])
    assert np.array_equal(np.where(searched < IMPASSABLE, searched / 10, np.inf), expected)


SQUARE = roads_of(
    [(0, 0), (4, 0), (4, 4), (0, 4)], [(0, 1), (1, 2), (2, 3), (3, 0)], length_m=[400.0, 400.0, 400.0, 500.0]
)
ENDS = np.array([[106.0, 39.0], [106.0 + 4 * DEGREE, 39.0]])


def shut(begin_ds: float | None, end_ds: float | None, *edges: int) -> TravelTimes:
    begin, end = (None if ds is None else after(ds) for ds in (begin_ds, end_ds))
    closure = Closure(id="a", edges=edges, closed=True, valid_from=begin, valid_to=end)
    return TravelTimes(SQUARE, TRUCK).with_closures([closure], NOON)


@pytest.mark.parametrize(
    ("begin_ds", "end_ds", "seconds"),
    [
        (300, None, 130.0),  # closes before the 40 s are over: round by the other three
        (400, None, 130.0),  # limits are inclusive
        (401, None, 40.0),  # closes just after it was left
        (None, 500, 90.1),  # waiting for it to open is quicker than the way round
        (None, 1000, 130.0),
    ],
)
def test_a_road_that_closes_or_opens_by_hand(
    begin_ds: float | None, end_ds: float | None, seconds: float
) -> None:
    travel = shut(begin_ds, end_ds, 0)
    assert travel.matrix_s(ENDS[:1], ENDS[1:])[0, 0] == seconds
    assert travel.route(ENDS[0], ENDS[1]).travel_s == seconds


def test_a_junction_that_is_cut_off_is_answered_with_where_one_can_still_go() -> None:
    """Both roads to the far end close for good after 20 s; the two others stay open."""
    route = shut(200, None, 0, 1).route(ENDS[0], ENDS[1])
    assert not route.reached
    assert route.short_of_m > 0


def test_the_area_within_reach_grows_when_the_road_opens() -> None:
    """The point 30 s along the road that opens at 50 s is in reach of 81 s, not of 79 s."""
    travel = shut(None, 500, 0, 3)
    spot = shapely.Point(106.0 + 3 * DEGREE, 39.0)
    assert travel.reachable(ENDS[0], 81, margin_m=5).covers(spot)
    assert not travel.reachable(ENDS[0], 79, margin_m=5).covers(spot)


def test_a_closed_area_is_left_at_once_and_entered_when_it_opens_by_hand() -> None:
    """The far end lies in an area that opens after 50 s: 40 s out of it, 50.1 s waiting and 40 s into it."""
    x, y = ENDS[1]
    area = shapely.box(x - DEGREE, y - DEGREE, x + DEGREE, y + DEGREE)
    closure = Closure(id="a", polygon=area, closed=True, valid_to=after(500))
    travel = TravelTimes(SQUARE, TRUCK).with_closures([closure], NOON)
    assert np.array_equal(travel.matrix_s(ENDS, ENDS), [[0.0, 90.1], [40.0, 0.0]])
    assert travel.route(ENDS[1], ENDS[0]).travel_s == 40.0
    assert travel.route(ENDS[0], ENDS[1]).arcs.tolist() == [0]
