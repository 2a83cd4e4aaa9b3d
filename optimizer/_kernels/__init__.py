"""Compiled loops of ``optimizer``: plain contiguous arrays in, arrays out; checks live in the callers.

Each file holds its loops whole, because numba looks only at the file of a loop when it decides whether kept
code still fits; a loop that calls those of another file carries in its name what they were compiled from.
Importing this package gives numba a folder for that code that can be written, unless another package or
``NUMBA_CACHE_DIR`` has given one: left alone it fails where neither the install nor the home folder can be
written (read-only containers, service accounts).
"""

import tempfile
from pathlib import Path

import numba
import platformdirs


def cache_folder() -> Path:
    """The user's cache folder, or a fresh temporary one where that cannot be written."""
    folder = Path(platformdirs.user_cache_dir("muster", appauthor=False), "numba", "optimizer")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="muster-numba-"))


if not vars(numba.config)["CACHE_DIR"]:
    setattr(numba.config, "CACHE_DIR", str(cache_folder()))  # noqa: B010 - numba types its settings lazily
