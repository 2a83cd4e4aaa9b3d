"""Topologies of networks, made once: remembered by the process and kept on disk under their digest."""

import contextlib
import zipfile
from functools import lru_cache
from pathlib import Path

from geo._kernels import cache_folder
from geo.hierarchy import Topology, build, digest_of
from geo.network import Network

KEPT_FROM_NODES = 5000
"""Nodes from which on a topology is kept on disk; smaller ones are made in less time than reading takes."""


@lru_cache(maxsize=4)
def topology_of(network: Network) -> Topology:
    """The topology of a network, from disk where it was kept before."""
    if len(network.lonlat) < KEPT_FROM_NODES:
        return build(network.lonlat, network.tail, network.head)
    digest = digest_of(network.lonlat, network.tail, network.head)
    file = _folder() / f"{digest}.npz"
    if (kept := _kept(file, digest)) is not None:
        return kept
    made = build(network.lonlat, network.tail, network.head)
    with contextlib.suppress(OSError):  # a full or read-only disk costs time, not the answer
        made.save(file)
    return made


def _folder() -> Path:
    return cache_folder() / "topologies"


def _kept(file: Path, digest: str) -> Topology | None:
    """What was kept, unless it is missing, damaged or of other roads."""
    try:
        topology = Topology.load(file)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return topology if topology.digest == digest else None
