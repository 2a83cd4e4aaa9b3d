"""Ways cut at junctions and at barriers."""

from collections import Counter
from itertools import pairwise
from math import cos, hypot, radians

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.osm_pieces import Piece, Place, Way, cut
from geo.osm_tags import Barrier, RoadTags

TAGS = RoadTags(road_class="residential")
BOLLARD = Barrier(kind="bollard", access="no")
STEP = 10_000
"""Distance between the nodes of the tests, 1e-7 degrees: 111 m northward."""

WAYS = st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=6), min_size=1, max_size=5)


def row(*numbers: int) -> dict[int, Place]:
    """Nodes one north of the other, at the equator."""
    return {number: (0, number * STEP) for number in numbers}


def ways(*node_lists: list[int]) -> list[Way]:
    return [Way(osm_id=i, part=0, tags=TAGS, nodes=tuple(nodes)) for i, nodes in enumerate(node_lists)]


def length_m(piece: Piece, places: dict[int, Place]) -> float:
    line = [places[n] for n in piece.nodes]
    steps = (hypot((c - a) * cos(radians(b / 1e7)), d - b) for (a, b), (c, d) in pairwise(line))
    return sum(steps) * 0.0111194926


def test_ways_are_cut_where_others_meet_them_and_pieces_are_numbered_along_the_way() -> None:
    pieces = cut(ways([1, 2, 3], [2, 4]), row(1, 2, 3, 4), {})
    assert [(p.id, p.nodes) for p in pieces] == [("w0-0", (1, 2)), ("w0-1", (2, 3)), ("w1-0", (2, 4))]


def test_a_closed_way_is_one_piece_and_a_figure_of_eight_two() -> None:
    assert [p.nodes for p in cut(ways([1, 2, 3, 1]), row(1, 2, 3), {})] == [(1, 2, 3, 1)]
    assert len(cut(ways([1, 2, 3, 1, 4, 5, 1]), row(1, 2, 3, 4, 5), {})) == 2


def test_the_order_in_the_file_does_not_matter() -> None:
    some = ways([1, 2, 3], [2, 4], [4, 5, 3])
    assert cut(some, row(1, 2, 3, 4, 5), {}) == cut(some[::-1], row(1, 2, 3, 4, 5), {})


def test_a_bollard_amid_a_road_becomes_a_piece_of_a_metre() -> None:
    places = row(1, 2, 3)
    before, barred, after = cut(ways([1, 2, 3]), places, {2: BOLLARD})
    assert (before.tags.access, barred.tags.access, after.tags.access) == ("yes", "no", "yes")
    assert barred.tags.note == "barrier: bollard"
    assert barred.nodes[1] == 2
    assert length_m(barred, places) == pytest.approx(1.0, abs=0.02)
    assert sum(length_m(p, places) for p in (before, barred, after)) == pytest.approx(2 * STEP * 0.0111194926)


def test_a_bollard_on_a_junction_bars_each_road_there() -> None:
    pieces = cut(ways([1, 2, 3], [2, 4]), row(1, 2, 3, 4), {2: BOLLARD})
    assert [p.tags.access for p in pieces] == ["yes", "no", "no", "yes", "no", "yes"]
    assert all(2 in p.nodes for p in pieces if p.tags.access == "no")


def test_a_bollard_at_a_dead_end_bars_nothing() -> None:
    assert [p.tags.access for p in cut(ways([1, 2]), row(1, 2), {2: BOLLARD})] == ["yes"]


def test_a_segment_too_short_to_divide_is_barred_as_a_whole() -> None:
    places = {1: (0, 0), 2: (0, 1), 3: (0, STEP)}
    pieces = cut(ways([1, 2, 3]), places, {2: BOLLARD})
    assert pieces[0].nodes[:2] == (1, 2)
    assert [p.tags.access for p in pieces] == ["no", "yes"]


def test_two_bollards_half_a_metre_apart_leave_nothing_between_them() -> None:
    places = {1: (0, 0), 2: (0, STEP), 3: (0, STEP + 46), 4: (0, 2 * STEP)}
    pieces = cut(ways([1, 2, 3, 4]), places, {2: BOLLARD, 3: Barrier(kind="chain", access="no")})
    assert [p.tags.note for p in pieces] == ["", "barrier: bollard", "barrier: chain", ""]


def test_new_nodes_never_take_a_number_that_the_file_uses() -> None:
    places = {-7: (0, 0), 2: (0, STEP), 3: (0, 2 * STEP)}
    cut(ways([-7, 2, 3]), places, {2: BOLLARD})
    assert sorted(places)[:3] == [-9, -8, -7]


@settings(deadline=None)
@given(WAYS)
def test_pieces_hold_every_step_once_and_meet_only_at_their_ends(node_lists: list[list[int]]) -> None:
    node_lists = [[n for i, n in enumerate(nodes) if i == 0 or nodes[i - 1] != n] for nodes in node_lists]
    node_lists = [nodes for nodes in node_lists if len(nodes) > 1]
    pieces = cut(ways(*node_lists), row(*range(7)), {})
    assert Counter(step for p in pieces for step in pairwise(p.nodes)) == Counter(
        step for nodes in node_lists for step in pairwise(nodes)
    )
    inner = Counter(n for p in pieces for n in p.nodes[1:-1])
    assert not set(inner) & {end for p in pieces for end in (p.nodes[0], p.nodes[-1])}
    assert all(times == 1 for times in inner.values())
    assert len({p.id for p in pieces}) == len(pieces)


@settings(deadline=None)
@given(WAYS, st.sets(st.integers(0, 6), max_size=3))
def test_who_may_not_pass_barriers_is_kept_from_their_nodes_and_nothing_else(
    node_lists: list[list[int]], barred: set[int]
) -> None:
    """Open pieces connect the other nodes as the ways do when the barrier nodes are taken out."""
    node_lists = [[n for i, n in enumerate(nodes) if i == 0 or nodes[i - 1] != n] for nodes in node_lists]
    node_lists = [nodes for nodes in node_lists if len(nodes) > 1]
    uses = Counter(n for nodes in node_lists for n in nodes)
    barred = {n for n in barred if uses[n] > 1}
    pieces = cut(ways(*node_lists), row(*range(7)), dict.fromkeys(barred, BOLLARD))
    drawn = nx.Graph([step for nodes in node_lists for step in pairwise(nodes)])
    drawn.remove_nodes_from(barred)
    made = nx.Graph([step for p in pieces if p.tags.access == "yes" for step in pairwise(p.nodes)])
    made.add_nodes_from(drawn)
    assert not barred & set(made)
    whole = {frozenset(n for n in part if n >= 0) for part in nx.connected_components(made)} - {frozenset()}
    assert whole == set(map(frozenset, nx.connected_components(drawn)))
