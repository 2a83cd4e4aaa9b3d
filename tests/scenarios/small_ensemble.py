"""A made-up ensemble on the straight county: quick to run, with sweeps and draws."""

from pathlib import Path
from typing import Any

import yaml

from geo.region.files import write_region
from tests.scenarios.incident_county import incident_county
from tests.scenarios.straight_county import LAT, LONS


def write_small(folder: Path, **changes: Any) -> Path:
    """Region, incident and ensemble files in a folder; returns the ensemble's."""
    write_region(incident_county(), folder / "county")
    incident = {
        "muster": 1, "kind": "incident", "region": "county", "at": "2026-01-15T02:10:00+08:00",
        "weather": {"wind_from_deg": 270.0, "wind_m_s": 2.0},
        "incidents": [
            {
                "id": "leak", "hazard": "toxic_gas", "level": "IV",
                "where": {"lon": LONS[5], "lat": LAT},
                "distances": {"isolate_m": 300, "source": "drill"},
            }
        ],
    }  # fmt: skip
    _write(folder / "leak.yaml", incident)
    section = {
        "scenario": "leak.yaml",
        "replications": 5,
        "vary": [
            {"path": "incidents.0.level", "values": ["III", "IV"]},
            {"path": "incidents.0.distances.isolate_m", "draw": {"uniform": [100, 900]}},
            {"path": "board.off_duty", "draw": {"sample": ["t0", "t1", "t2"], "count": 1}},
        ],
    }
    whole = {"muster": 1, "kind": "ensemble", "region": "county", "seed": 3, "ensemble": section | changes}
    return _write(folder / "ensemble.yaml", whole)


def write_siting(folder: Path, *, replications: int) -> Path:
    """An ensemble of siting runs whose limits are drawn: milliseconds each."""
    write_region(incident_county(), folder / "county")
    siting = {
        "question": "mclp", "open": 1, "curve_to": 0,
        "standards": [{"force": "fire", "within_s": 300, "source": "assumed"}],
    }  # fmt: skip
    _write(folder / "site.yaml", {"muster": 1, "kind": "siting", "region": "county", "siting": siting})
    section = {
        "scenario": "site.yaml",
        "replications": replications,
        "vary": [{"path": "siting.standards.0.within_s", "draw": {"uniform": [100, 900]}}],
    }
    whole = {"muster": 1, "kind": "ensemble", "region": "county", "seed": 1, "ensemble": section}
    return _write(folder / "ensemble.yaml", whole)


def _write(path: Path, content: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path
