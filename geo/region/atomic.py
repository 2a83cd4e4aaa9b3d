"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    The temporary file keeps the ending, by which some writers choose the format, and is on the disk before
    it replaces the old one. After an error the old file is untouched and the temporary one gone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def replacing_together(folder: Path, *, last: str) -> Iterator[Path]:
    """A scratch folder inside ``folder``; its files take their places when the block ends well.

    ``last`` names the file that others are known by: while it is the old one, the results are the old ones.
    After an error every old file is untouched, and a folder made for the occasion is gone. Entered before a
    long computation it tells at once that a place cannot be written.
    """
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as scratch:
            yield Path(scratch)
            for file in sorted(Path(scratch).iterdir(), key=lambda file: (file.name == last, file.name)):
                file.replace(folder / file.name)
    finally:
        if made and not any(folder.iterdir()):
            folder.rmdir()
