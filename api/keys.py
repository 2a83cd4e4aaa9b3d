"""API keys: made, found, turned over, revoked. The store knows only the hash of a secret.

A key reads ``mk_ID_SECRET``. The secret is 256 random bits, so one SHA-256 is as good as a slow hash.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.clock import now
from api.problems import Problem, of_faults
from api.roles import Role
from api.store.job_tables import JobRow
from api.store.tables import KeyRow
from api.writing import Writing
from geo.errors import Fault

PREFIX = "mk"
ENDED = ""
"""In the place of the hash of a key that was revoked: no clock that jumps back opens the door to it again."""
LONGEST_OVERLAP = timedelta(days=7)
"""How long, at most, a key that was turned over still opens the door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks: a key in force; ``until``: when a login ends, whatever the store says."""

    key_id: str
    name: str
    role: Role
    until: datetime | None = None

    @property
    def actor(self) -> str:
        """As the audit names them."""
        return f"{self.name} ({self.key_id})"


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key and the text that its owner needs; nobody sees the text again."""

    row: KeyRow
    text: str


def make_key(writing: Writing, *, name: str, role: Role, expires_at: datetime | None = None) -> MadeKey:
    """A new key; raises ``Problem`` A142 for one that would be over before it begins."""
    _refuse_past(expires_at, writing.at)
    key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    row = KeyRow(
        id=key_id,
        name=name,
        role=role,
        secret_hash=_hash(secret),
        made_at=writing.at,
        made_by=writing.actor,
        expires_at=expires_at,
    )
    writing.session.add(row)
    writing.record("key.made", key_id, name=name, role=role, expires_at=expires_at)
    return MadeKey(row, f"{PREFIX}_{key_id}_{secret}")


def first_key(writing: Writing) -> MadeKey | None:
    """An admin's key where the store knows no key at all."""
    if writing.session.scalar(select(func.count()).select_from(KeyRow)):
        return None
    return make_key(writing, name="first admin", role="admin")


def find_key(session: Session, text: str) -> Principal | None:
    """Who holds a key in force; ``None`` for anything else."""
    match text.split("_", 2):
        case [prefix, key_id, secret] if prefix == PREFIX:
            row = session.get(KeyRow, key_id)
        case _:
            return None
    if row is None or not secrets.compare_digest(row.secret_hash, _hash(secret)) or not in_force(row, now()):
        return None
    return Principal(key_id=row.id, name=row.name, role=cast(Role, row.role))


def in_force(row: KeyRow, at: datetime) -> bool:
    """Neither expired nor revoked at an instant; both ends of its time exclusive."""
    return row.secret_hash != ENDED and all(
        end is None or at < end for end in (row.expires_at, row.revoked_at)
    )


def turn_over(writing: Writing, key_id: str, *, overlap: timedelta) -> MadeKey:
    """A new key in the place of an old one, in force for ``overlap`` more; jobs go with the new one."""
    old = key_of(writing.session, key_id)
    if not in_force(old, writing.at):
        raise Problem("A118", 404, f"key {key_id} is no longer in force")
    old.revoked_at = writing.at + overlap
    writing.record("key.turned_over", key_id, until=old.revoked_at)
    new = make_key(writing, name=old.name, role=cast(Role, old.role), expires_at=old.expires_at)
    writing.session.execute(update(JobRow).where(JobRow.key_id == key_id).values(key_id=new.row.id))
    return new


def revoke(writing: Writing, key_id: str) -> KeyRow:
    """End a key at once.

    Raises
    ------
    Problem
        A118 no such key, A133 the last admin's.
    """
    row = key_of(writing.session, key_id)
    if row.role == "admin" and not _other_admins(writing, key_id):
        raise Problem("A133", 409, f"key {key_id} is the last admin's key without an end; make another first")
    if row.revoked_at is None or row.revoked_at > writing.at:
        row.revoked_at, row.secret_hash = writing.at, ENDED
        writing.record("key.revoked", key_id)
    return row


def key_of(session: Session, key_id: str) -> KeyRow:
    """A key by its id; raises ``Problem`` A118."""
    row = session.get(KeyRow, key_id)
    if row is None:
        raise Problem("A118", 404, f"no key {key_id}")
    return row


def _refuse_past(expires_at: datetime | None, at: datetime) -> None:
    if expires_at is not None and expires_at <= at:
        raise of_faults(
            [
                Fault(
                    code="A142",
                    where="key expires_at",
                    found=expires_at.isoformat(),
                    wanted=f"later than {at.isoformat(timespec='seconds')}",
                    fix="Correct expires_at, or leave it out for a key without an end.",
                )
            ]
        )


def _other_admins(writing: Writing, key_id: str) -> int:
    endless = (KeyRow.revoked_at.is_(None), KeyRow.expires_at.is_(None))
    query = select(func.count()).where(KeyRow.role == "admin", KeyRow.id != key_id, *endless)
    return writing.session.scalar(query) or 0


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
