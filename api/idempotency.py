"""``Idempotency-Key``: a write that is asked twice is done once, and answered twice alike.

The answer is kept in the transaction of the write itself: whoever got none may ask again without fear.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from api.problems import Problem
from api.store.tables import ID, AnswerRow
from api.writing import Writing

KEPT = timedelta(hours=48)
"""How long answers are kept."""


def readable(key: str | None) -> str | None:
    """The key of a request, if any; raises ``Problem`` A137."""
    if key is None:
        return None
    if not 1 <= len(key) <= ID or not key.isascii() or not key.isprintable():
        raise Problem("A137", 400, f"Idempotency-Key: wanted 1 to {ID} printable ASCII characters")
    return key


def request_hash(method: str, path: str, body: bytes) -> str:
    """What a request asks, as one number."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def kept_answer(session: Session, key_id: str, key: str, asked: str) -> AnswerRow | None:
    """The answer given before; raises ``Problem`` A119 if something else was asked under this key."""
    row = session.get(AnswerRow, (key_id, key))
    if row is not None and row.request_hash != asked:
        raise Problem("A119", 422, "this Idempotency-Key came with another request before")
    return row


def keep(
    writing: Writing, key_id: str, key: str, asked: str, *, status: int, location: str | None, body: str
) -> None:
    """Keep an answer, and forget those that are too old."""
    writing.session.execute(delete(AnswerRow).where(AnswerRow.at < writing.at - KEPT))
    writing.session.add(
        AnswerRow(
            api_key_id=key_id,
            idempotency_key=key,
            request_hash=asked,
            status=status,
            location=location,
            body=body,
            at=writing.at,
        )
    )
