"""Cutting lines at shared vertices: hand-made shapes, and what must hold for any lines."""

from collections import Counter
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.road_split import SplitLines, edge_lengths_m, split_at_shared_vertices

Line = list[tuple[int, int]]
Step = tuple[tuple[int, int], tuple[int, int]]

PLACE = st.tuples(st.integers(0, 4), st.integers(0, 4))
LINES = st.lists(st.lists(PLACE, min_size=1, max_size=6), max_size=6)


def split(lines: list[Line]) -> SplitLines:
    lonlat = np.array([place for line in lines for place in line], np.float64).reshape(-1, 2)
    return split_at_shared_vertices(lonlat, np.repeat(np.arange(len(lines)), [len(line) for line in lines]))


def shapes(cut: SplitLines) -> list[Line]:
    whole = [(int(x), int(y)) for x, y in cut.shape_lonlat]
    return [whole[a:b] for a, b in pairwise(cut.shape_start)]


def test_a_line_is_cut_where_another_ends_on_its_vertex() -> None:
    cut = split([[(0, 0), (1, 0), (2, 0)], [(1, 0), (1, 1)]])
    assert shapes(cut) == [[(0, 0), (1, 0)], [(1, 0), (2, 0)], [(1, 0), (1, 1)]]
    assert cut.line.tolist() == [0, 0, 1]
    assert cut.junction_lonlat.tolist() == [[0, 0], [1, 0], [1, 1], [2, 0]]


def test_lines_that_share_an_inner_vertex_are_both_cut() -> None:
    assert len(shapes(split([[(0, 1), (1, 1), (2, 1)], [(1, 0), (1, 1), (1, 2)]]))) == 4


def test_lines_that_merely_cross_stay_whole() -> None:
    """A bridge over a road: no vertex in common, no junction."""
    assert len(shapes(split([[(0, 1), (2, 1)], [(1, 0), (1, 2)]]))) == 2


def test_a_line_that_meets_itself_is_cut_there() -> None:
    cut = split([[(0, 0), (1, 0), (2, 0), (2, 1), (1, 0)]])
    assert shapes(cut) == [[(0, 0), (1, 0)], [(1, 0), (2, 0), (2, 1), (1, 0)]]
    assert cut.edge_from[1] == cut.edge_to[1]


def test_parallel_and_equal_lines_stay_parallel_edges() -> None:
    cut = split([[(0, 0), (1, 0)], [(0, 0), (1, 0)], [(1, 0), (0, 0)]])
    assert cut.edge_from.tolist() == [0, 0, 1]
    assert cut.edge_to.tolist() == [1, 1, 0]


def test_a_line_on_one_place_has_no_edge_and_cuts_no_other() -> None:
    cut = split([[(0, 1), (0, 1)], [(3, 3)], [(0, 0), (0, 1), (0, 2)]])
    assert shapes(cut) == [[(0, 0), (0, 1), (0, 2)]]
    assert len(cut.junction_lonlat) == 2


def test_vertices_are_equal_within_half_a_ten_millionth_of_a_degree() -> None:
    lonlat = np.array(
        [[106.5, 38.9], [106.6, 38.9], [106.6 + 4e-8, 38.9], [106.7, 38.9], [106.6 + 1e-7, 38.8]]
    )
    cut = split_at_shared_vertices(np.vstack([lonlat, [[106.6, 38.0]]]), np.array([0, 0, 1, 1, 2, 2]))
    assert cut.edge_to[0] == cut.edge_from[1] != cut.edge_from[2]


def test_no_lines_give_no_edges() -> None:
    cut = split([])
    assert len(cut.edge_from) == len(cut.junction_lonlat) == 0
    assert edge_lengths_m(cut.shape_start, cut.shape_lonlat).shape == (0,)


@settings(deadline=None)
@given(LINES)
def test_every_step_of_every_line_is_kept_once_and_in_order(lines: list[Line]) -> None:
    steps = Counter[tuple[int, Step]]()
    kept = Counter[tuple[int, Step]]()
    for number, line in enumerate(lines):
        steps.update((number, pair) for pair in pairwise(line) if pair[0] != pair[1])
    cut = split(lines)
    for number, shape in zip(cut.line.tolist(), shapes(cut), strict=True):
        kept.update((number, pair) for pair in pairwise(shape))
    assert kept == steps


@settings(deadline=None)
@given(LINES)
def test_edges_meet_at_their_ends_only_and_ends_are_their_junctions(lines: list[Line]) -> None:
    cut = split(lines)
    ends = {tuple(place) for place in cut.junction_lonlat.astype(int).tolist()}
    inner = Counter(place for shape in shapes(cut) for place in shape[1:-1])
    assert not ends & set(inner)
    assert all(times == 1 for times in inner.values())
    for edge, shape in enumerate(shapes(cut)):
        assert tuple(cut.junction_lonlat[cut.edge_from[edge]].astype(int)) == shape[0]
        assert tuple(cut.junction_lonlat[cut.edge_to[edge]].astype(int)) == shape[-1]


@settings(deadline=None)
@given(LINES)
def test_places_are_connected_exactly_as_the_lines_connect_them(lines: list[Line]) -> None:
    drawn = nx.Graph([pair for line in lines for pair in pairwise(line) if pair[0] != pair[1]])
    cut = split(lines)
    made = nx.Graph([pair for shape in shapes(cut) for pair in pairwise(shape)])
    assert set(map(frozenset, nx.connected_components(drawn))) == set(
        map(frozenset, nx.connected_components(made))
    )


def test_length_is_the_geodesic_one() -> None:
    """Zhong Ning to Yinchuan drawn with one bend, against PROJ line by line."""
    line = np.array([[105.66, 37.49], [106.0, 38.2], [106.27, 38.47]])
    whole_m = Geod(ellps="WGS84").line_length(line[:, 0], line[:, 1])
    both = np.vstack([line, line[:2]])
    assert edge_lengths_m(np.array([0, 3, 5]), both)[0] == pytest.approx(whole_m, abs=1e-6)
    assert edge_lengths_m(np.array([0, 3, 5]), both)[1] < whole_m
