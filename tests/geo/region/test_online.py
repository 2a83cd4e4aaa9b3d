"""A place by its name, from servers on this machine that answer like those of OpenStreetMap."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import osmnx
import pytest

from geo.errors import InputError
from geo.region.build import BuildOptions, build_region
from geo.region.online import fetch_place
from tests.geo.region.test_build import osm_text

OUTLINE = {
    "type": "Polygon",
    "coordinates": [[[9.49, 47.09], [9.6, 47.09], [9.6, 47.11], [9.49, 47.11], [9.49, 47.09]]],
}
ANSWER = [
    {
        "place_id": 1, "osm_type": "relation", "osm_id": 7, "lat": "47.1", "lon": "9.5", "importance": 1,
        "boundingbox": ["47.09", "47.11", "9.49", "9.6"], "geojson": OUTLINE, "display_name": "Tiny",
    }
]  # fmt: skip


class Server(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.answer(json.dumps(ANSWER if "Tiny" in self.path else []).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append(parse_qs(body)["data"][0])
        self.answer(osm_text().encode())

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(osmnx.settings, "nominatim_url", f"{url}/")
    monkeypatch.setattr(osmnx.settings, "overpass_url", f"{url}/api")
    yield url
    server.shutdown()
    server.server_close()


def test_a_place_is_fetched_whole_and_builds_a_region(servers: str, tmp_path: Path) -> None:
    files = fetch_place("Tiny, Nowhere", tmp_path)
    assert "[bbox:47.09,9.49,47.11,9.6]" in Server.asked[-1]
    region = build_region(BuildOptions(name="tiny", osm=files.osm, boundary=files.boundary)).region
    assert len(region.table("stations")) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "tiny-nowhere-boundary.geojson",
        "tiny-nowhere.osm",
    ]


@pytest.mark.parametrize("place", ["Atlantis", "Tiny"])
def test_an_unknown_place_and_a_silent_server_are_f137(
    servers: str, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "Tiny":
        monkeypatch.setattr(osmnx.settings, "overpass_url", "http://127.0.0.1:9/api")
    with pytest.raises(InputError) as caught:
        fetch_place(place, tmp_path)
    assert caught.value.faults[0].code == "F137"
    assert not list(tmp_path.iterdir())
