"""API keys: who may ask."""

from datetime import timedelta
from typing import cast

from fastapi import APIRouter, Response
from sqlalchemy import select

from api.clock import now
from api.deps import Answer, Caller, Reading, Writes, needs
from api.keys import MadeKey, in_force, make_key, revoke, turn_over
from api.roles import RIGHTS, Role, may
from api.schemas.edge import RecordId, Shown, problems
from api.schemas.plans import KeyAsked, KeyMade, KeyShown, TurnOverAsked, Whoami
from api.store.tables import KeyRow

router = APIRouter(prefix="/keys", tags=["keys"])


class KeyRecords(Shown):
    """Keys without their secrets."""

    items: tuple[KeyShown, ...]


@router.get("/me", dependencies=[needs("read")], responses=problems())
def whoami(caller: Caller) -> Whoami:
    """Whose key this is, and what it may do."""
    rights = tuple(right for right in RIGHTS if may(caller.role, right))
    return Whoami(key_id=caller.key_id, name=caller.name, role=caller.role, rights=rights)


@router.get("", dependencies=[needs("administer")], responses=problems())
def keys(session: Reading) -> KeyRecords:
    """All keys ever made."""
    rows = session.scalars(select(KeyRow).order_by(KeyRow.made_at, KeyRow.id))
    return KeyRecords(items=tuple(map(_shown, rows)))


@router.post(
    "",
    status_code=201,
    dependencies=[needs("administer")],
    responses=problems(),
    response_model=KeyMade,
)
def new_key(asked: KeyAsked, write: Writes) -> Response:
    """Make a key. Its text is shown this once, also when the same request is asked again."""
    return write.do(
        lambda writing: _made(
            make_key(writing, name=asked.name, role=asked.role, expires_at=asked.expires_at)
        )
    )


@router.post(
    "/{key_id}/rotate",
    status_code=201,
    dependencies=[needs("administer")],
    responses=problems(404),
    response_model=KeyMade,
)
def rotate_key(key_id: RecordId, asked: TurnOverAsked, write: Writes) -> Response:
    """A new key of the same name and role; the old one ends after ``overlap_s``."""
    overlap = timedelta(seconds=asked.overlap_s)
    return write.do(lambda writing: _made(turn_over(writing, key_id, overlap=overlap)))


@router.delete(
    "/{key_id}",
    dependencies=[needs("administer")],
    responses=problems(404, 409),
    response_model=KeyShown,
)
def revoke_key(key_id: RecordId, write: Writes) -> Response:
    """End a key at once."""
    return write.do(lambda writing: Answer(body=_shown(revoke(writing, key_id))))


def _made(made: MadeKey) -> Answer:
    shown = _shown(made.row).model_dump()
    return Answer(
        body=KeyMade(**shown, key=made.text), status=201, location="/keys", kept=KeyMade(**shown, key=None)
    )


def _shown(row: KeyRow) -> KeyShown:
    return KeyShown(
        id=row.id,
        name=row.name,
        role=cast(Role, row.role),
        made_at=row.made_at,
        made_by=row.made_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        in_force=in_force(row, now()),
    )
