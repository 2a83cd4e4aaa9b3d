"""Logins of an OpenID Connect issuer: which tokens open the door, and that no other does."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.issuer_keys import AGAIN_S, KEPT_S, IssuerKeys
from api.logins import Logins, LoginSettings, read_login_settings
from api.problems import Problem
from geo.errors import InputError
from tests.api.center.client import made
from tests.api.center.county import collapse
from tests.api.center.issuer import AUDIENCE, Issuer, issuing, new_key
from tests.api.center.running import serving


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as one:
        yield one


def _logins(issuer: Issuer, clock: Callable[[], float] = time.monotonic, **settings: Any) -> Logins:
    asked = LoginSettings(issuer=issuer.address, audience=AUDIENCE, **settings)
    return Logins(asked, IssuerKeys(issuer.address, clock=clock))


def test_a_good_token_says_who_and_which_role(issuer: Issuer) -> None:
    """Somebody is the same every day; the strongest of several roles counts; claims of other shapes too."""
    logins = _logins(issuer)
    first = logins.find(issuer.token())
    assert first is not None
    assert (first.name, first.role, len(first.key_id)) == ("Li Na", "dispatcher", 16)
    again = logins.find(issuer.token(name="Li Na (night)", roles=["viewer", "approver", 7, "other"]))
    assert again is not None
    assert (again.key_id, again.role) == (first.key_id, "approver")
    other = logins.find(issuer.token(sub="u-18", name=None, roles="planner viewer"))
    assert other is not None
    assert (other.name, other.role) == ("u-18", "planner")
    assert other.key_id != first.key_id
    deep = _logins(issuer, claim="realm_access.roles", roles={"duty-officer": "dispatcher"})
    found = deep.find(issuer.token(realm_access={"roles": ["duty-officer"]}, name="a\nb\ud800"))
    assert found is not None
    assert (found.name, found.role) == ("a b", "dispatcher")


def _unsigned(issuer: Issuer) -> str:
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none")


def _by_public_key(issuer: Issuer) -> str:
    """The old trick: the public key taken for a shared secret."""
    public = issuer.keys["first"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [
        {"alg": "HS256", "kid": "first"},
        jwt.decode(issuer.token(), options={"verify_signature": False}),
    ]
    text = b".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts)
    signed = base64.urlsafe_b64encode(hmac.new(public, text, hashlib.sha256).digest()).rstrip(b"=")
    return (text + b"." + signed).decode()


def _altered(issuer: Issuer) -> str:
    head, _, signature = issuer.token().split(".")
    claims = jwt.decode(issuer.token(), options={"verify_signature": False}) | {"roles": ["admin"]}
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.{signature}"


BAD: dict[str, Callable[[Issuer], str]] = {
    "expired": lambda issuer: issuer.token(exp=int(time.time()) - 60),
    "not yet": lambda issuer: issuer.token(nbf=int(time.time()) + 600),
    "without an end": lambda issuer: issuer.token(exp=None),
    "for others": lambda issuer: issuer.token(aud="another"),
    "for nobody": lambda issuer: issuer.token(aud=None),
    "of another issuer": lambda issuer: issuer.token(iss="http://127.0.0.1:9"),
    "of nobody": lambda issuer: issuer.token(sub=None),
    "other key": lambda issuer: issuer.token(key=new_key()),
    "unknown key": lambda issuer: jwt.encode({}, new_key(), algorithm="RS256", headers={"kid": "nobody"}),
    "other algorithm": lambda issuer: issuer.token(alg="RS512"),
    "shared secret": lambda issuer: issuer.token(alg="HS256", key="x" * 64),
    "none": _unsigned,
    "public key as secret": _by_public_key,
    "altered": _altered,
    "no token": lambda issuer: "a.b.c",
    "surrogate": lambda issuer: "\ud800.\ud800.\ud800",
    "empty": lambda issuer: "..",
}


@pytest.mark.parametrize("kind", BAD)
def test_no_other_token_opens_the_door(kind: str, issuer: Issuer) -> None:
    assert _logins(issuer).find(BAD[kind](issuer)) is None


def test_a_login_without_a_role_is_told_so(issuer: Issuer) -> None:
    for roles in (None, [], ["janitor"], {"admin": True}, 7):
        with pytest.raises(Problem) as refused:
            _logins(issuer).find(issuer.token(roles=roles))
        assert (refused.value.code, refused.value.status) == ("A285", 403)


def test_keys_are_kept_and_turn_over() -> None:
    """One fetch for many tokens; a new key counts within seconds, a withdrawn one ends within minutes."""
    at = [0.0]
    with issuing() as issuer:
        logins = _logins(issuer, clock=lambda: at[0])
        assert all(logins.find(issuer.token()) for _ in range(20))
        assert issuer.asked == 2
        issuer.keys["second"] = new_key()
        assert logins.find(issuer.token("second")) is None, "asked a moment ago"
        assert issuer.asked == 2
        at[0] += AGAIN_S
        assert logins.find(issuer.token("second"))
        for _ in range(50):
            assert logins.find(BAD["unknown key"](issuer)) is None
        assert issuer.asked == 4, "made-up keys are no way to the issuer"
        gone = issuer.token("first")
        del issuer.keys["first"]
        at[0] += KEPT_S + 1
        assert logins.find(gone) is None
        issuer.silent = True
        at[0] += KEPT_S + 1
        assert logins.find(issuer.token("second")), "an issuer that is silent for a while stops nobody"
        at[0] += KEPT_S + 1
        with pytest.raises(Problem) as silent:
            logins.find(issuer.token("second"))
        assert (silent.value.code, silent.value.status) == ("A286", 503)


def test_an_issuer_of_another_name_is_not_believed() -> None:
    with issuing() as issuer:
        issuer.says_issuer = "https://login.example"
        with pytest.raises(Problem, match="does not answer"):
            _logins(issuer).find(issuer.token())


def test_settings_are_checked_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """An issuer in clear elsewhere, no audience, unknown roles, the extra missing: one line each."""
    good = {"MUSTER_OIDC_ISSUER": "https://login.example", "MUSTER_OIDC_AUDIENCE": "muster"}
    assert read_login_settings({}) is None
    found = read_login_settings({**good, "MUSTER_OIDC_ROLES": "cn=duty=dispatcher, boss=approver"})
    assert found is not None
    assert found.roles == {"cn=duty": "dispatcher", "boss": "approver"}
    for change in (
        {"MUSTER_OIDC_ISSUER": "http://login.example"},
        {"MUSTER_OIDC_ISSUER": "file:///etc/passwd"},
        {"MUSTER_OIDC_AUDIENCE": ""},
        {"MUSTER_OIDC_ROLES": "boss=king"},
    ):
        with pytest.raises(InputError, match="A284"):
            read_login_settings(good | change)
    monkeypatch.setattr("api.logins.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"A106.*muster\[oidc\]"):
        read_login_settings(good)


def test_a_served_center_takes_logins_beside_keys(
    county: Path, new_database: Callable[[str], str], issuer: Issuer
) -> None:
    """Over HTTP: rights by role, the audit names the person, a write is done once under a login too."""
    names = {"MUSTER_OIDC_ISSUER": issuer.address, "MUSTER_OIDC_AUDIENCE": AUDIENCE, "MUSTER_WORKERS": "1"}
    with serving(county, new_database("sqlite"), **names) as running:
        key = running.client()
        login = key.using(issuer.token())
        me = made(login.get("/keys/me"))
        assert (me["name"], me["role"]) == ("Li Na", "dispatcher")
        assert login.get("/keys").status == 403
        first = login.post("/incidents", collapse(), Idempotency_Key="one")
        again = login.using(issuer.token()).post("/incidents", collapse(), Idempotency_Key="one")
        assert (again.status, again.raw) == (201, first.raw)
        rows = made(key.get("/audit?limit=1000"))["items"]
        assert f"Li Na ({me['key_id']})" in {row["actor"] for row in rows}
        refused = key.using(issuer.token(exp=int(time.time()) - 60)).get("/teams")
        assert (refused.status, refused.body["code"]) == (401, "A110")
        nobody = key.using(issuer.token(roles=[])).get("/teams")
        assert (nobody.status, nobody.body["code"]) == (403, "A285")
