"""Where the records that a plan rests on come from, and how many are assumed."""

from collections import Counter
from functools import lru_cache

from geo.region.region import Region
from geo.region.show import is_assumed
from scenarios.plan import LayerProvenance


@lru_cache(maxsize=64)
def provenance(region: Region, layers: tuple[str, ...]) -> tuple[LayerProvenance, ...]:
    """Sources of each layer by number of records, in the order given; empty layers are left out.

    A record that is assumed in part counts as assumed, as it does in ``muster region show``.
    """
    found = []
    for layer in dict.fromkeys(layers):
        sources = Counter(str(source) for source in region.table(layer)["source"])
        if sources:
            found.append(
                LayerProvenance(
                    layer=layer,
                    records=sum(sources.values()),
                    assumed=sum(n for source, n in sources.items() if is_assumed(source)),
                    sources=dict(sorted(sources.items())),
                )
            )
    return tuple(found)
