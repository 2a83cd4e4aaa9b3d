"""What goes wrong, as RFC 9457 problem documents: a code, a status, words, and what a program can use."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from geo.errors import Fault, InputError

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timed out",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Unusable content",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available now",
}
MOST_FAULTS = 50


class Problem(Exception):  # noqa: N818 - the name of RFC 9457
    """A request that cannot be answered as asked.

    Parameters
    ----------
    code
        Row of ``docs/errors.md``.
    detail
        One sentence for a person.
    facts
        Members of the document for a program, e.g. ``holders``.
    retry_after_s
        Seconds after which it makes sense to ask again.
    """

    def __init__(
        self, code: str, status: int, detail: str, *, retry_after_s: int | None = None, **facts: Any
    ) -> None:
        super().__init__(detail)
        self.code, self.status, self.detail, self.facts = code, status, detail, facts
        self.retry_after_s = retry_after_s

    def response(self, request_id: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
        """The problem as an answer."""
        sent = dict(headers or {})
        if self.retry_after_s is not None:
            sent["Retry-After"] = str(self.retry_after_s)
        if self.status == 401:
            sent["WWW-Authenticate"] = 'Bearer realm="muster"'
        document = {
            "type": f"urn:muster:problem:{self.code}",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "instance": f"urn:muster:request:{request_id}",
            **self.facts,
        }
        return JSONResponse(document, status_code=self.status, media_type=MEDIA_TYPE, headers=sent)


def of_input(error: InputError) -> Problem:
    """Faults of an input, each with its code and its remedy."""
    return of_faults(error.faults)


def of_faults(faults: Iterable[Fault]) -> Problem:
    """The faults of a request's content, all at once."""
    rows = [
        {
            "code": one.code,
            "where": one.where,
            "found": one.found,
            "wanted": one.wanted,
            "fix": one.fix,
        }
        for one in islice(faults, MOST_FAULTS)
    ]
    text = f"{rows[0]['where']}: found {rows[0]['found']}; wanted {rows[0]['wanted']}" if rows else ""
    return Problem(rows[0]["code"] if rows else "A116", 422, _clean(text), faults=rows)


def of_validation(error: RequestValidationError) -> Problem:
    """What pydantic found in a request, in our words where a model gave a code."""
    errors = error.errors()
    if any(one["type"] == "json_invalid" for one in errors):
        return Problem("A115", 400, "the body is no JSON document")
    return of_faults(_fault(one) for one in errors)


def _fault(error: Mapping[str, Any]) -> Fault:
    kind, context = str(error["type"]), error.get("ctx") or {}
    coded = len(kind) == 4 and kind[0].isupper() and kind[1:].isdigit()
    return Fault(
        code=kind if coded else "A116",
        where=_clean(".".join(str(part) for part in error["loc"])),
        found="nothing" if kind == "missing" else _clean(repr(error.get("input"))[:80]),
        wanted=_clean(str(error["msg"])),
        fix=str(context.get("fix", "Correct the value; the OpenAPI document says what it may be.")),
    )


def _clean(text: str) -> str:
    """Text that every encoder takes: half of a surrogate pair becomes its number."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
