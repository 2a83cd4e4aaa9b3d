"""What a region holds, in numbers: records by layer, how many are placed, and how many are assumed."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geo.region.layers import LAYERS
from geo.region.region import Region
from geo.road_split import edge_lengths_m

ASSUMED = "assumed"


def is_assumed(source: str) -> bool:
    """Whether a record with this ``source`` rests, wholly or in part, on no document."""
    return ASSUMED in source


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSummary:
    """One layer in numbers.

    Parameters
    ----------
    records, unplaced, assumed
        Records, those of them without a place, and those whose source is, or partly is, assumed.
    sources
        Records by ``source``, most frequent first.
    """

    layer: str
    zh: str
    records: int
    unplaced: int
    assumed: int
    sources: tuple[tuple[str, int], ...]

    @property
    def assumed_share(self) -> float:
        """Share of assumed records, 0 to 1; 0 for an empty layer."""
        return self.assumed / self.records if self.records else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSummary:
    """A region in numbers.

    Parameters
    ----------
    layers
        The layers that hold records, in their order.
    people
        Sum over the demand points.
    road_km
        Length of the existing roads, true lengths where given, km.
    bounds
        West, south, east, north of all places, degrees; ``None`` without any.
    """

    name: str
    digest: str
    layers: tuple[LayerSummary, ...]
    people: int
    road_km: float
    bounds: tuple[float, float, float, float] | None


def summary(region: Region) -> RegionSummary:
    """The numbers that ``muster region show`` prints."""
    return RegionSummary(
        name=region.about("name_zh") or region.about("name_en") or region.name,
        digest=region.digest(),
        layers=tuple(_layer(region, layer) for layer in LAYERS if len(region.table(layer))),
        people=int(region.table("demand")["people"].sum()),
        road_km=_road_km(region),
        bounds=_bounds(region),
    )


def _layer(region: Region, layer: str) -> LayerSummary:
    table = region.table(layer)
    counts = table["source"].value_counts()
    by_source = sorted(((str(s), int(n)) for s, n in counts.items()), key=lambda pair: (-pair[1], pair[0]))
    return LayerSummary(
        layer=layer,
        zh=LAYERS[layer].zh,
        records=len(table),
        unplaced=int(table.geometry.isna().sum()) if isinstance(table, gpd.GeoDataFrame) else 0,
        assumed=sum(n for source, n in by_source if is_assumed(source)),
        sources=tuple(by_source),
    )


def _road_km(region: Region) -> float:
    roads = region.placed("roads")
    roads = roads[roads["status"] != "planned"]
    parts, record = shapely.get_parts(roads.geometry.to_numpy(), return_index=True)
    start = np.append(0, np.cumsum(shapely.get_num_coordinates(parts)))
    part_m = edge_lengths_m(start, shapely.get_coordinates(parts))
    drawn_m = np.bincount(record, weights=part_m, minlength=len(roads))
    given_m = roads["length_m"].to_numpy(np.float64)
    return float(np.where(np.isnan(given_m), drawn_m, given_m).sum() / 1000)


def _bounds(region: Region) -> tuple[float, float, float, float] | None:
    shapes = [region.placed(layer).geometry.to_numpy() for layer, spec in LAYERS.items() if spec.geometry]
    bounds = np.concatenate([shapely.bounds(s).reshape(-1, 4) for s in shapes])
    if not len(bounds):
        return None
    west, south = bounds[:, :2].min(axis=0).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    return west, south, east, north
