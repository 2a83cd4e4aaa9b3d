"""The quick writer of JSON writes what the standard library writes."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.json_text import json_text

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(VALUES)
def test_the_same_text_as_the_standard_library(value: Any) -> None:
    assert json_text(value) == json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5)


@settings(deadline=None)
@given(PAIRS, st.lists(st.lists(LEAVES, max_size=3) | LEAVES | st.just({"a": [[1.0, 2.0]]}), max_size=2))
def test_coordinates_and_what_only_begins_like_them(pairs: Any, more: Any) -> None:
    for value in (pairs, [*pairs, *more], {"a": [[*pairs, *more], pairs]}, [[1.0, 2.0], *more]):
        assert json_text(value) == json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


def test_tuples_are_lists_and_what_json_lacks_is_refused() -> None:
    assert json_text(((1.0, "水"), ())) == json.dumps([[1.0, "水"], []], ensure_ascii=False, indent=1)
    for value in (float("inf"), float("nan")):
        with pytest.raises(ValueError, match="JSON"):
            json_text([value])
        with pytest.raises(ValueError, match="JSON"):
            json_text([[1.0, value]])
    with pytest.raises(TypeError, match="set"):
        json_text({"a": set()})
