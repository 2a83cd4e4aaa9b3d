"""PyVRP as a peer, run in the environment of the peers: ``python -m benchmarks.routing_peers FILE``.

The file is a pickled routing problem with seconds and seed; the answer, pickled too, is written beside it
with the ending ``.answer``.
"""

import pickle
import sys
import time
from pathlib import Path

from optimizer.routing.pyvrp_engine import route_with_pyvrp
from optimizer.watch import Watch


def main(file: Path) -> None:
    """Solve and write the answer with the processor seconds it took."""
    problem, limit_s, seed = pickle.loads(file.read_bytes())
    begun = time.process_time()
    answer = route_with_pyvrp(problem, seed=seed, watch=Watch(limit_s), all_served=True)
    file.with_suffix(".answer").write_bytes(pickle.dumps((answer, time.process_time() - begun)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
