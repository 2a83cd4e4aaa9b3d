"""Compiled loops of ``geo``: plain contiguous arrays in, arrays out; checks live in the callers.

Importing this package fixes where numba keeps compiled code. Left alone numba fails at import when neither
the install nor the home folder can be written (read-only containers, service accounts), so the first
writable folder of this list is used: ``NUMBA_CACHE_DIR``, the user's cache folder, a private temporary one.
In it, code compiled from other sources than these stays apart: numba looks at the file of a loop only, not at
those whose functions and constants are compiled into it.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numba
import platformdirs


def _candidates() -> Iterator[Path]:
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(given)
    yield Path(platformdirs.user_cache_dir("muster", appauthor=False), "numba")
    yield Path(tempfile.gettempdir(), f"muster-numba-{_user()}")


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and folder.stat().st_uid not in (os.getuid(), 0):
            return False  # somebody else's folder could hold somebody else's code
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def sources_digest(folder: Path) -> str:
    """What the loops of this folder are compiled from, 16 hexadecimal digits."""
    sources = sorted(folder.glob("*.py"))
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def cache_folder() -> Path:
    """The first writable folder for compiled code; a fresh temporary one when there is none."""
    for folder in _candidates():
        if _writable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="muster-numba-"))


setattr(numba.config, "CACHE_DIR", str(cache_folder() / sources_digest(Path(__file__).parent)))  # noqa: B010 - numba types its settings lazily
