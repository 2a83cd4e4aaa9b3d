"""Where the records that a plan rests on come from, and how many are assumed."""

from collections import Counter

from geo.region.region import Region
from scenarios.plan import LayerProvenance

ASSUMED = "assumed"


def provenance(region: Region, layers: tuple[str, ...]) -> tuple[LayerProvenance, ...]:
    """Sources of each layer by number of records, in the order given; empty layers are left out."""
    found = []
    for layer in dict.fromkeys(layers):
        sources = Counter(str(source) for source in region.table(layer)["source"])
        if sources:
            found.append(
                LayerProvenance(
                    layer=layer,
                    records=sum(sources.values()),
                    assumed=sum(n for source, n in sources.items() if source.startswith(ASSUMED)),
                    sources=dict(sorted(sources.items())),
                )
            )
    return tuple(found)
