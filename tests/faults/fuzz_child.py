"""Reads mutated files one after the other, in a process of its own that may crash, hang or swell.

``python -m tests.faults.fuzz_child KIND CASES SEED FOLDER``: a line a file with what came of it and the
processor seconds it took, then one with the memory at its peak.
"""

import json
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from geo.errors import InputError
from tests.faults.fuzz_kinds import KINDS, Kind
from tests.faults.mutations import mutated


def main(kind_name: str, cases: int, seed: int, folder: Path) -> None:
    """Mutate and read; the name of the case goes out before it is tried."""
    kind = KINDS[kind_name](folder)
    kind.read(kind.write(kind.seeds[0]))  # what is loaded once is no part of the first case
    begun_bytes = peak_bytes()
    for number in range(cases):
        chance = random.Random(f"{seed} {kind_name} {number}")
        if number < len(kind.hostile):
            content = kind.hostile[number]
        else:
            content = mutated(chance.choice(kind.seeds), chance, packed=kind.packed)
        _say({"trying": number})
        path, begun = kind.write(content), time.process_time()
        came = _came_of(kind.read, path)
        _say({"case": number, "came": came, "cpu_s": round(time.process_time() - begun, 3)})
    _say({"peak_bytes": peak_bytes(), "begun_bytes": begun_bytes})


def _came_of(read: Callable[[Path], object], path: Path) -> str:
    try:
        read(path)
    except InputError as refused:
        return refused.faults[0].code
    except MemoryError:
        return "out of memory"
    except Exception:
        return "crash: " + traceback.format_exc(limit=-4)
    return "read"


def peak_bytes() -> int:
    """Memory of this process at its peak."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


__all__ = ["Kind", "main"]

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
