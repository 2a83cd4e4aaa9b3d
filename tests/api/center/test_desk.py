"""The desk's page and its tiles over HTTP: who sees them, what they may load, which bytes come."""

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.byte_range import asked_range
from api.desk_files import desk_page
from tests.api.center.client import made, within
from tests.api.center.conftest import Center

LENGTH = st.integers(0, 40)


def test_the_page_needs_no_key_and_may_load_its_own_files_only(sqlite_center: Center) -> None:
    stranger = sqlite_center.admin.using("")
    page = stranger.get("/")
    assert page.status == 200
    assert page.raw == desk_page().content
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    parts = re.findall(r'(?:src|href)="\./(desk/[^"]+)"', page.raw.decode())
    for part in parts:  # none where the page was not built
        found = stranger.get(f"/{part}")
        assert (found.status, found.headers["content-security-policy"]) == (200, policy)
        assert "immutable" in found.headers["cache-control"]
        packed = stranger.get(f"/{part}", Accept_Encoding="gzip")
        assert gzip.decompress(packed.raw) == found.raw


@pytest.mark.parametrize("name", ["nothing.js", "..%2findex.html", "%2e%2e", "..%5c..%5ccli.py"])
def test_only_files_of_the_page_are_given_out(sqlite_center: Center, name: str) -> None:
    reply = sqlite_center.admin.using("").get(f"/desk/{name}")
    assert (reply.status, reply.body["code"]) == (404, "A117")


def test_tiles_come_by_byte_range_to_those_with_a_key(sqlite_center: Center) -> None:
    viewer = sqlite_center.clients["viewer"]
    assert viewer.using("").get("/region/roads.pmtiles").status == 401
    within(60, lambda: viewer.get("/region/roads.pmtiles", Range="bytes=0-6").status == 206)
    start = viewer.get("/region/roads.pmtiles", Range="bytes=0-6")
    assert start.raw == b"PMTiles"
    whole = viewer.get("/region/roads.pmtiles")
    assert (whole.status, whole.headers["accept-ranges"]) == (200, "bytes")
    size = len(whole.raw)
    middle = viewer.get("/region/roads.pmtiles", Range="bytes=10-19")
    assert (middle.raw, middle.headers["content-range"]) == (whole.raw[10:20], f"bytes 10-19/{size}")
    assert viewer.get("/region/roads.pmtiles", Range="bytes=-5").raw == whole.raw[-5:]
    assert viewer.get("/region/roads.pmtiles", Range=f"bytes={size}-").status == 200, "left aside"
    assert whole.headers["etag"] == start.headers["etag"]


@given(size=st.integers(1, 30), first=LENGTH, last=LENGTH)
def test_a_range_is_what_a_slice_would_be(size: int, first: int, last: int) -> None:
    content = bytes(range(size))
    for header, wanted in (
        (f"bytes={first}-{last}", content[first : last + 1]),
        (f"bytes={first}-", content[first:]),
        (f"bytes=-{last}", content[-last:] if last else b""),
    ):
        asked = asked_range(header, size)
        got = b"" if asked is None else content[asked[0] : asked[1] + 1]
        assert got == wanted


@pytest.mark.parametrize(
    "header", [None, "", "bytes=-", "bytes=1-2,4-5", "items=0-1", "bytes=a-b", "bytes=5-2"]
)
def test_what_is_no_single_range_is_left_aside(header: str | None) -> None:
    assert asked_range(header, 10) is None


def test_words_are_there_in_both_languages(sqlite_center: Center) -> None:
    found = made(sqlite_center.clients["viewer"].get("/vocabulary"))
    assert found["words"]["hazards"]["toxic_gas"] == {"zh": "有毒气体泄漏", "en": "toxic gas"}
    assert all(word["zh"] and word["en"] for family in found["words"].values() for word in family.values())
    assert "7782-50-5" in {one["cas"] for one in found["substances"]}
    assert "rail_car" in found["containers"]
