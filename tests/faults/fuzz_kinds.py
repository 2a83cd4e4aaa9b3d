"""What is fuzzed: how each kind of file is written and read, good ones to start from, and hostile ones."""

import gzip
import io
import json
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geo.region.files import read_region, write_region
from scenarios.shipped import PINGLUO
from tests.geo.region.test_files import small_region

DATA = PINGLUO.parent
ALERT = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>a-1</identifier><sender>duty@county</sender><sent>2026-07-01T12:00:00+08:00</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><language>zh-CN</language><category>CBRNE</category><event>液氯泄漏</event><urgency>Immediate</urgency>
<severity>Severe</severity><certainty>Observed</certainty><expires>2026-07-01T18:00:00+08:00</expires>
<area><areaDesc>park</areaDesc><polygon>38.9,106.5 38.9,106.51 38.91,106.51 38.9,106.5</polygon>
<circle>38.9,106.5 2</circle></area></info></alert>
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """``seeds``: good contents; ``hostile``: what no mutation would hit upon; ``packed``: zip inside."""

    write: Callable[[bytes], Path]
    read: Callable[[Path], object]
    seeds: tuple[bytes, ...]
    hostile: tuple[bytes, ...] = ()
    packed: bool = False


def _to(path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path.write_bytes(content)
        return path

    return write


def _geojson(folder: Path) -> Kind:
    write_region(small_region(), folder / "county")
    deep = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":%s}]}'
    return Kind(
        write=_to(folder / "county" / "demand.geojson"),
        read=lambda path: read_region(path.parent),
        seeds=tuple((folder / "county" / f"{name}.geojson").read_bytes() for name in ("demand",)),
        hostile=(
            deep % (b'{"type":"Polygon","coordinates":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
            deep % (b'{"type":"GeometryCollection","geometries":[' * 500 + b"]}" * 500),
            deep % b'{"type":"Point","coordinates":[1e308,-1e308,1e308]}',
            deep % b'{"type":"Point","coordinates":["106","38"]}',
            b"[" * 1_000_000,
        ),
    )


def _yaml(folder: Path) -> Kind:
    from scenarios.files import read_scenario
    from scenarios.scenario_models import Scenario

    bomb = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n" % (n, n, *([n - 1] * 9)) for n in range(98, 110)
    )
    return Kind(
        write=_to(folder / "scenario.yaml"),
        read=lambda path: read_scenario(path, Scenario),
        seeds=tuple((DATA / name).read_bytes() for name in ("three-stations.yaml", "phased-to-2025.yaml")),
        hostile=(bomb, b"a: " + b"[" * 100_000, b"&a [*a]", b"a: &a {b: *a}", b"- " * 50_000, b"{" * 100_000),
    )


def _xlsx(folder: Path) -> Kind:
    write_region(small_region(), folder / "county.xlsx")
    whole = (folder / "county.xlsx").read_bytes()
    return Kind(
        write=_to(folder / "county.xlsx"),
        read=read_region,
        seeds=(whole,),
        hostile=(
            _with(whole, "xl/worksheets/sheet1.xml", b"<a>" + b" " * 60_000_000),
            _with(whole, "xl/worksheets/sheet1.xml", _far_cell()),
            _with(whole, "xl/workbook.xml", _laughs()),
            _with(whole, "xl/sharedStrings.xml", _laughs()),
            _with(whole, "[Content_Types].xml", b""),
            b"PK\x05\x06" + b"\0" * 18,
        ),
        packed=True,
    )


def _with(whole: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, part)
    return out.getvalue()


def _far_cell() -> bytes:
    """One cell at the far corner of a sheet: rows and columns between are nothing, and must stay so."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'
    return b'<worksheet xmlns="' + space + b'"><sheetData>' + far + b"</sheetData></worksheet>"


def _laughs() -> bytes:
    """Entities that double: a kilobyte that would unfold to gigabytes."""
    rows = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    return b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">' + rows + b"]><a>&e11;</a>"


def _pbf(folder: Path) -> Kind:
    import osmium

    from geo.osm_scan import scan

    good = folder / "good.osm.pbf"
    plain = osmium.io.File(str(good), "pbf,pbf_compression=none")
    with osmium.SimpleWriter(plain) as writer:
        for n in range(1, 60):
            writer.add_node(
                osmium.osm.mutable.Node(id=n, location=(106.5 + n * 0.001, 38.9), tags={"name": "x"})
            )
        for n in range(1, 15):
            tags = {"highway": "primary", "name": f"road {n}", "maxspeed": "60"}
            writer.add_way(
                osmium.osm.mutable.Way(id=n, nodes=[n * 4 - 3, n * 4 - 2, n * 4 - 1, n * 4], tags=tags)
            )
    whole = good.read_bytes()
    return Kind(
        write=_to(folder / "roads.osm.pbf"),
        read=scan,
        seeds=(whole,),
        hostile=(
            struct.pack(">I", 2**31 - 1) + b"\0" * 100,
            _blob(b"OSMHeader", b"\0" * 40_000_000),
            _blob(b"OSMData", b"\0" * 31_000_000),
            _blob(b"OSMHeader", b"\x22\x0eOsmSchema-V0.6")
            + _blob(b"OSMData", b"\x0a\xff\xff\xff\xff\x0f" * 1_000),
        ),
    )


def _blob(kind: bytes, raw: bytes) -> bytes:
    """A block of the format, its content packed by zlib: a little that unfolds to much."""

    def number(n: int) -> bytes:
        out = b""
        while n > 127:
            out, n = out + bytes([n & 127 | 128]), n >> 7
        return out + bytes([n])

    packed = zlib.compress(raw, 9)
    blob = b"\x10" + number(len(raw)) + b"\x1a" + number(len(packed)) + packed
    head = b"\x0a" + number(len(kind)) + kind + b"\x18" + number(len(blob))
    return struct.pack(">I", len(head)) + head + blob


def _backup(folder: Path) -> Kind:
    from api.store.archive import Archive, write_archive
    from api.store.engine import Store, open_engine, store_url
    from api.store.migrate import upgrade

    store = Store(open_engine(store_url(str(folder / "x.db"))))
    upgrade(store.engine)
    write_archive(store, folder / "good.muster")
    store.close()
    return Kind(
        write=lambda content: _to(folder / "x.muster")(gzip.compress(content, 1)),
        read=lambda path: Archive(path).check(),
        seeds=(gzip.decompress((folder / "good.muster").read_bytes()),),
        hostile=(
            b"[" * 1_000_000,
            b'{"muster_backup":1}\n',
            b" " * 60_000_000,
            b'{"muster_backup":1,"revision":1,"tables":7}\n',
        ),
    )


def _cap(folder: Path) -> Kind:
    from api.cap.reading import read_alert

    good = ALERT.encode()
    return Kind(
        write=_to(folder / "alert.xml"),
        read=lambda path: read_alert(path.read_bytes()),
        seeds=(good,),
        hostile=(
            _laughs(),
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + good,
            good.replace(b"<area>", b"<area>" * 5_000),
            b"<a>" * 100_000,
            b"<?xml version='1.0' encoding='utf-7'?>" + good,
            json.dumps({"no": "xml"}).encode(),
        ),
    )


KINDS: dict[str, Callable[[Path], Kind]] = {
    "geojson": _geojson,
    "yaml": _yaml,
    "xlsx": _xlsx,
    "pbf": _pbf,
    "backup": _backup,
    "cap": _cap,
}


def clean(folder: Path) -> None:
    """Remove what a kind wrote."""
    shutil.rmtree(folder, ignore_errors=True)
