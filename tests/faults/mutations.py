"""Contents that are nearly right: bytes flipped, pieces doubled, cut or swapped, hostile words put in."""

import io
import random
import zipfile

WORDS = (
    b"[" * 5_000, b"{" * 5_000, b'{"a":' * 3_000, b"(" * 3_000, b"- " * 3_000, b"9" * 5_000, b"1e999",
    b"-1e999", b"NaN", b"Infinity", b"null", b"true", b"\x00", b"\xff\xfe", b"\xed\xa0\x80",
    b"\xef\xbb\xbf", b"\r\n" * 50, b"\t", b"&a *a", b"*a", b"!!python/object/apply:os.system [echo]",
    b"<<: *x", b"%YAML 9.9\n---\n", b"? ", b"\\u0000", b'"\\ud800"', b"&b;", b"<a>" * 2_000, b"]]>", b"<!--",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"1900-01-01", b"24:61", b"-0", b"0x10",
    b"1_000", b"=1+1", b"#REF!", b"A" * 20_000, b"2026-13-45T99:99:99Z", b"181,91", b"1e308", b"-1", b"0",
    b"18446744073709551616", "\u202e".encode(), "\u2028".encode(), "\U0001f600".encode(),
)  # fmt: skip
DIGITS = b"0123456789"


def mutated(content: bytes, chance: random.Random, *, packed: bool) -> bytes:
    """One to six changes; of a packed file in its parts rather than in its packing, most of the time."""
    if packed and chance.random() < 0.8:
        return _inside(content, chance)
    for _ in range(chance.randint(1, 6)):
        content = _changed(content, chance)
    return content


def _changed(content: bytes, chance: random.Random) -> bytes:
    size = len(content)
    at = chance.randrange(size + 1)
    end = min(size, at + chance.choice((1, 2, 8, 64, 512)))
    match chance.randrange(10):
        case 0:
            return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        case 1:
            return content[:at] + content[end:]
        case 2:
            return content[:at] + content[at:end] * chance.choice((2, 3, 20)) + content[end:]
        case 3:
            return content[:at] + chance.choice(WORDS) + content[end:]
        case 4:
            return content[:at] + chance.choice(WORDS) + content[at:]
        case 5:
            return content[:at]
        case 6 | 7 | 8:
            return _other_digit(content, at, chance)
    start = chance.randrange(size + 1)
    return content[:at] + content[start : start + 64] + content[end:]


def _other_digit(content: bytes, at: int, chance: random.Random) -> bytes:
    """The next digit becomes another, so that a format stays and a figure does not."""
    for n in range(at, len(content)):
        if content[n] in DIGITS:
            return content[:n] + bytes([chance.choice(DIGITS)]) + content[n + 1 :]
    return content


def _inside(content: bytes, chance: random.Random) -> bytes:
    """A zip file with one of its parts changed, gone, doubled or swollen."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        chosen, how = chance.choice(whole.namelist()), chance.randrange(5)
        for name in whole.namelist():
            part = whole.read(name)
            if name == chosen and how == 0:
                continue
            if name == chosen and how == 1:
                part += b" " * 30_000_000
            elif name == chosen:
                for _ in range(chance.randint(1, 4)):
                    part = _changed(part, chance)
            again.writestr(name, part)
    return out.getvalue()
