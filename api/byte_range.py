"""One range of the bytes of a file, as RFC 9110 section 14 asks for it."""

import re

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte, both inclusive; None for the whole file.

    A header that is not understood, one for several ranges and one for bytes that the file has not are left
    aside, as the RFC allows.
    """
    found = _ONE_RANGE.fullmatch(header or "")
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        length = min(int(found[2]), size)
        return (size - length, size - 1) if length else None
    first, last = int(found[1]), min(int(found[2] or size), size - 1)
    return (first, last) if first <= last else None
