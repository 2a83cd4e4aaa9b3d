"""Regions: layers as tables, their file forms, their checks.

The names below are loaded at first use, so that importing this package stays cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geo.region.layers import LAYERS

if TYPE_CHECKING:
    from geo.region.files import read_region, write_region
    from geo.region.region import Region

__all__ = ["LAYERS", "Region", "read_region", "write_region"]

_HOME = {
    "Region": "geo.region.region",
    "read_region": "geo.region.files",
    "write_region": "geo.region.files",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
