"""Logins of an OpenID Connect issuer, beside the keys: a signed token says who asks, and a claim the role.

Checked of every token: a signature by one of the issuer's public keys with one of ``ALGORITHMS`` (never
``none``, never a shared secret), issuer, audience, not expired, not before its time; 30 s of grace. Needs the
extra ``oidc``. OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725 (JWT best current practices).
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from api.keys import Principal
from api.problems import Problem
from api.roles import ROLES, Role
from geo.errors import refuse

if TYPE_CHECKING:
    from api.issuer_keys import IssuerKeys

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
GRACE_S = 30
"""How far the clocks of issuer and server may lie apart, seconds."""
STRONGEST: tuple[Role, ...] = ("admin", "approver", "dispatcher", "planner", "viewer")
"""Which of several roles counts: the first of these."""
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSettings:
    """Where logins come from.

    Parameters
    ----------
    issuer, audience
        As the tokens must state them, to the letter.
    claim
        Where the roles stand in a token, e.g. ``roles`` or ``realm_access.roles``.
    roles
        Our role by the issuer's word for it.
    """

    issuer: str
    audience: str
    claim: str = "roles"
    roles: Mapping[str, Role] = field(default_factory=lambda: {role: role for role in ROLES})


def read_login_settings(environment: Mapping[str, str] = os.environ) -> LoginSettings | None:
    """From ``MUSTER_OIDC_...`` of the environment; ``None`` where no issuer is named.

    Raises
    ------
    InputError
        A284 a variable that cannot be used, A106 the extra ``oidc`` is not installed.
    """
    issuer = environment.get("MUSTER_OIDC_ISSUER", "")
    if not issuer:
        return None
    audience = environment.get("MUSTER_OIDC_AUDIENCE", "")
    if not _is_safe(issuer):
        raise _unusable("MUSTER_OIDC_ISSUER", issuer, "an https:// address; http:// on this machine only")
    if not audience:
        raise _unusable("MUSTER_OIDC_AUDIENCE", "", "the name that tokens are made out to")
    if find_spec("jwt") is None or find_spec("cryptography") is None:
        raise refuse(
            "A106",
            where="MUSTER_OIDC_ISSUER",
            found="no pyjwt with cryptography",
            wanted="the extra 'oidc'",
            fix="Install it: pip install 'muster[oidc]'; or unset the variable and use keys.",
        )
    return LoginSettings(
        issuer=issuer,
        audience=audience,
        claim=environment.get("MUSTER_OIDC_CLAIM") or "roles",
        roles=_roles(environment.get("MUSTER_OIDC_ROLES", "")),
    )


def _roles(text: str) -> dict[str, Role]:
    """``their word=our role``, separated by commas; our own words where nothing is said."""
    found: dict[str, Role] = {}
    for one in filter(None, (part.strip() for part in text.split(","))):
        theirs, _, ours = (part.strip() for part in one.rpartition("="))
        if not theirs or ours not in ROLES:
            raise _unusable("MUSTER_OIDC_ROLES", text, f"WORD=ROLE,... with roles of {', '.join(ROLES)}")
        found[theirs] = ours
    return found or {role: role for role in ROLES}


def _unusable(name: str, found: str, wanted: str) -> Exception:
    return refuse(
        "A284",
        where=f"the environment variable {name}",
        found=repr(found),
        wanted=wanted,
        fix="Correct the variable; docs/operations.md tells what it may be.",
    )


def _is_safe(address: str) -> bool:
    """Keys that anybody on the way could change would open the door to anybody."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Logins:
    """Who holds a token of the issuer."""

    def __init__(self, settings: LoginSettings, keys: "IssuerKeys") -> None:
        self._settings, self._keys = settings, keys

    def find(self, token: str) -> Principal | None:
        """Who asks; ``None`` for a token that does not hold.

        Raises
        ------
        Problem
            A285 a login without a role here, A286 the issuer's keys cannot be had.
        """
        import jwt

        try:
            head = jwt.get_unverified_header(token)
            if head.get("alg") not in ALGORITHMS:
                return None
            key = self._keys.find(head.get("kid"), head["alg"])
            if key is None:
                return None
            claims = jwt.decode(
                token,
                key,
                algorithms=[head["alg"]],
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                leeway=GRACE_S,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, UnicodeError):
            return None
        return self._principal(claims)

    def _principal(self, claims: Mapping[str, Any]) -> Principal:
        who = f"{self._settings.issuer}\0{claims['sub']}"
        name = next((str(claims[c]) for c in ("name", "preferred_username", "email") if claims.get(c)), "")
        words = "".join(c if c.isprintable() else " " for c in name or str(claims["sub"])).split()
        return Principal(
            key_id="o" + hashlib.sha256(who.encode("utf-8", "backslashreplace")).hexdigest()[:15],
            name=" ".join(words)[:LONGEST_NAME],
            role=self._role(claims),
            until=datetime.fromtimestamp(claims["exp"] + GRACE_S, UTC),
        )

    def _role(self, claims: Mapping[str, Any]) -> Role:
        found: Any = claims
        for part in self._settings.claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        words = found.split() if isinstance(found, str) else found if isinstance(found, list) else []
        ours = {
            self._settings.roles[word]
            for word in words
            if isinstance(word, str) and word in self._settings.roles
        }
        for role in STRONGEST:
            if role in ours:
                return role
        raise Problem(
            "A285", 403, f"the login is good, but its claim {self._settings.claim} names no role here"
        )
