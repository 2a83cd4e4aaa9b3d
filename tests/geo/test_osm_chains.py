"""Pieces that nothing forks, joined."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.osm_chains import joined
from geo.osm_pieces import Piece
from geo.osm_tags import RoadTags

PIECES = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 6), st.sampled_from(["yes", "no", "reverse"]), st.sampled_from("AB")
    ),
    min_size=1,
    max_size=9,
)


def piece(number: int, *nodes: int, oneway: str = "no", name: str = "") -> Piece:
    tags = RoadTags(road_class="residential", oneway=oneway, name_en=name)
    return Piece(id=f"w{number}-0", osm_ids=(number,), tags=tags, nodes=nodes)


def nodes(pieces: Iterable[Piece]) -> list[tuple[int, ...]]:
    return [p.nodes for p in joined(list(pieces))[0]]


def test_a_chain_has_the_id_and_direction_of_its_first_piece_and_names_all_ways() -> None:
    pieces = [piece(5, 2, 3), piece(6, 2, 1), piece(7, 3, 4)]
    (record,), new_ids = joined(pieces)
    assert (record.id, record.nodes, record.osm_ids) == ("w5-0", (1, 2, 3, 4), (6, 5, 7))
    assert new_ids == {"w5-0": "w5-0", "w6-0": "w5-0", "w7-0": "w5-0"}


def test_a_fork_another_tag_and_a_kept_node_end_a_chain() -> None:
    assert len(nodes([piece(1, 1, 2), piece(2, 2, 3), piece(3, 2, 4)])) == 3
    assert len(nodes([piece(1, 1, 2, name="A"), piece(2, 2, 3, name="B")])) == 2
    assert len(joined([piece(1, 1, 2), piece(2, 2, 3)], keep={2})[0]) == 2


def test_one_way_pieces_join_only_head_to_tail() -> None:
    assert nodes([piece(1, 1, 2, oneway="yes"), piece(2, 2, 3, oneway="yes")]) == [(1, 2, 3)]
    assert nodes([piece(1, 1, 2, oneway="yes"), piece(2, 3, 2, oneway="reverse")]) == [(1, 2, 3)]
    assert len(nodes([piece(1, 1, 2, oneway="yes"), piece(2, 3, 2, oneway="yes")])) == 2
    assert len(nodes([piece(1, 1, 2, oneway="yes"), piece(2, 2, 3, oneway="no")])) == 2


def test_rings_close_once() -> None:
    assert nodes([piece(1, 1, 2), piece(2, 2, 1)]) == [(1, 2, 1)]
    assert nodes([piece(1, 1, 2), piece(2, 3, 2), piece(3, 3, 1)]) == [(1, 2, 3, 1)]
    assert nodes([piece(1, 1, 2, 1)]) == [(1, 2, 1)]


def arcs(pieces: Iterable[Piece]) -> Counter[tuple[int, int, str]]:
    """Every step that may be driven, with the name of its road."""
    found: Counter[tuple[int, int, str]] = Counter()
    for p in pieces:
        for a, b in pairwise(p.nodes):
            if p.tags.oneway != "reverse":
                found[a, b, p.tags.name_en] += 1
            if p.tags.oneway != "yes":
                found[b, a, p.tags.name_en] += 1
    return found


@settings(deadline=None)
@given(PIECES)
def test_joining_keeps_every_step_its_direction_and_its_name(drawn: list[tuple[int, int, str, str]]) -> None:
    pieces = [piece(i, a, b, oneway=oneway, name=name) for i, (a, b, oneway, name) in enumerate(drawn)]
    records, new_ids = joined(pieces)
    assert arcs(records) == arcs(pieces)
    assert set(new_ids) == {p.id for p in pieces}
    assert set(new_ids.values()) == {r.id for r in records}


@settings(deadline=None)
@given(PIECES)
def test_nothing_that_could_be_joined_is_left_apart(drawn: list[tuple[int, int, str, str]]) -> None:
    pieces = [piece(i, a, b, oneway=oneway, name=name) for i, (a, b, oneway, name) in enumerate(drawn)]
    records, _ = joined(pieces)
    assert joined(records)[0] == records
    ends = Counter(end for r in records for end in (r.nodes[0], r.nodes[-1]))
    for a, b in pairwise(records):
        shared = {a.nodes[0], a.nodes[-1]} & {b.nodes[0], b.nodes[-1]}
        if a.tags == b.tags and a.tags.oneway == "no":
            assert all(ends[node] != 2 for node in shared) or a is b


@settings(deadline=None)
@given(PIECES)
def test_places_stay_connected_as_they_were(drawn: list[tuple[int, int, str, str]]) -> None:
    pieces = [piece(i, a, b, oneway=oneway, name=name) for i, (a, b, oneway, name) in enumerate(drawn)]
    before = nx.Graph([step for p in pieces for step in pairwise(p.nodes)])
    after = nx.Graph([step for r in joined(pieces)[0] for step in pairwise(r.nodes)])
    assert set(map(frozenset, nx.connected_components(before))) == set(
        map(frozenset, nx.connected_components(after))
    )
