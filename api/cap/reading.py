"""A CAP 1.2 message read without trust: no entities, no document type, bounded, checked by schema."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from shapely.geometry.base import BaseGeometry

from api.cap.areas import drawn
from geo.errors import Fault, InputError, refuse

if TYPE_CHECKING:
    from lxml.etree import XMLSchema, _Element

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MOST_BYTES = 500_000
"""Largest message, inclusive."""
MOST_FAULTS = 20
_DECLARED = re.compile(r"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Another message that this one goes on from."""

    sender: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What a message says in one language; ``area`` the union of its polygons and circles, if any."""

    language: str
    categories: tuple[str, ...]
    event: str
    codes: tuple[str, ...]
    responses: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    begins: datetime | None
    expires: datetime | None
    headline: str
    parameters: dict[str, str]
    area: BaseGeometry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A message that fits the schema."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    msg_type: str
    references: tuple[Reference, ...]
    infos: tuple[Info, ...]

    @property
    def info(self) -> Info | None:
        """What it says, in Chinese where it says it in Chinese."""
        chinese = [one for one in self.infos if one.language.lower().startswith("zh")]
        return next(iter((*chinese, *self.infos)), None)


@cache
def schema() -> "XMLSchema":
    """The schema of messages, read once."""
    from lxml import etree

    content = files("api.cap").joinpath("cap12.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(content))


def read_alert(body: bytes) -> Alert:
    """Read a message.

    Raises
    ------
    InputError
        A250 no XML that may be read, A251 no CAP 1.2, each fault with its line; A252 an area that cannot be
        used.
    """
    root = _parsed(_text(body))
    checked = schema()
    if not checked.validate(root):
        errors = cast(Iterable[Any], checked.error_log)
        raise InputError([_fault(one.line, one.message) for one in errors][:MOST_FAULTS])
    return Alert(
        identifier=_word(root, "identifier"),
        sender=_word(root, "sender"),
        sent=datetime.fromisoformat(_word(root, "sent")),
        status=_word(root, "status"),
        msg_type=_word(root, "msgType"),
        references=tuple(_references(_word(root, "references"))),
        infos=tuple(_info(one) for one in _all(root, "info")),
    )


def references_of(xml: str) -> tuple[Reference, ...]:
    """The messages that one which was taken before goes on from."""
    return tuple(_references(_word(_parsed(xml), "references")))


def _text(body: bytes) -> str:
    """The message as text; everything that could make a parser reach elsewhere is refused before it."""
    if len(body) > MOST_BYTES:
        raise _unreadable(f"{len(body)} bytes", f"at most {MOST_BYTES} bytes")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable("bytes that are no UTF-8", "a message in UTF-8") from error
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise _unreadable(f"the encoding {declared[1]!r}", "a message in UTF-8")
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise _unreadable("a document type or entities", "a message without them")
    return text


def _parsed(text: str) -> "_Element":
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise _unreadable(str(error)[:200], "well-formed XML") from error


def _unreadable(found: str, wanted: str) -> InputError:
    return refuse(
        "A250", where="the message", found=found, wanted=wanted, fix="Correct the program that sends it."
    )


def _fault(line: int, message: str) -> Fault:
    said = message.replace(f"{{{NAMESPACE}}}", "")
    return Fault(
        code="A251",
        where=f"line {line}",
        found=said[:300],
        wanted="a message as CAP 1.2 describes it",
        fix="Correct the program that sends it.",
    )


def _all(one: "_Element", name: str) -> Sequence["_Element"]:
    return one.findall(f"{{{NAMESPACE}}}{name}")


def _word(one: "_Element", name: str) -> str:
    return (one.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _words(one: "_Element", name: str) -> tuple[str, ...]:
    return tuple((found.text or "").strip() for found in _all(one, name))


def _references(text: str) -> Iterator[Reference]:
    """``sender,identifier,sent`` between spaces; what is not so is passed over, as it names nothing."""
    for part in text.split():
        fields = part.split(",")
        if len(fields) == 3:
            yield Reference(sender=fields[0], identifier=fields[1])


def _info(one: "_Element") -> Info:
    begins, expires = _word(one, "onset") or _word(one, "effective"), _word(one, "expires")
    return Info(
        language=_word(one, "language") or "en-US",
        categories=_words(one, "category"),
        event=_word(one, "event"),
        codes=tuple(_word(code, "value") for code in _all(one, "eventCode")),
        responses=_words(one, "responseType"),
        urgency=_word(one, "urgency"),
        severity=_word(one, "severity"),
        certainty=_word(one, "certainty"),
        begins=datetime.fromisoformat(begins) if begins else None,
        expires=datetime.fromisoformat(expires) if expires else None,
        headline=_word(one, "headline"),
        parameters={_word(two, "valueName"): _word(two, "value") for two in _all(one, "parameter")},
        area=_area(one),
    )


def _area(info: "_Element") -> BaseGeometry | None:
    """The union of all areas; missing where places are named by code alone."""
    areas = _all(info, "area")
    polygons, circles = (
        [text for area in areas for text in _words(area, kind)] for kind in ("polygon", "circle")
    )
    return drawn(polygons, circles)
