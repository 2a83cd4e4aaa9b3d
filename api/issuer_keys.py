"""Public keys of an OpenID Connect issuer: fetched when needed, kept, fetched anew when they turn over."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from api.log_lines import LOG
from api.problems import Problem

KEPT_S = 600.0
"""After so long the keys are fetched anew: one that was withdrawn opens nothing for longer."""
AGAIN_S = 20.0
"""Between two tries: tokens with made-up keys do not become requests to the issuer."""
ANSWER_S = 5.0
MOST_BYTES = 1_000_000
WELL_KNOWN = "/.well-known/openid-configuration"


class IssuerKeys:
    """The keys of one issuer, for any number of threads."""

    def __init__(self, issuer: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer, self._clock = issuer, clock
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._one = threading.Lock()

    def find(self, key_id: object, algorithm: str) -> PyJWK | None:
        """The key of that id made for an algorithm; a token without an id means the only key there is.

        Raises
        ------
        Problem
            A286 there are no keys, or only old ones, and the issuer does not give new ones.
        """
        with self._one:
            at = self._clock()
            old = at - self._fetched_at > KEPT_S
            if (old or self._chosen(key_id) is None) and at - self._tried_at >= AGAIN_S:
                self._fetch(at)
            if self._clock() - self._fetched_at > 2 * KEPT_S:
                raise Problem("A286", 503, "the issuer of logins does not answer", retry_after_s=int(AGAIN_S))
            found = self._chosen(key_id)
        return found if found is not None and found.algorithm_name == algorithm else None

    def _chosen(self, key_id: object) -> PyJWK | None:
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(key_id) if isinstance(key_id, str) else None

    def _fetch(self, at: float) -> None:
        self._tried_at = at
        try:
            found = PyJWKSet.from_dict(_document(_address_of_keys(self._issuer)))
        except (URLError, HTTPException, OSError, ValueError, KeyError, PyJWTError) as error:
            facts = {"issuer": self._issuer, "error": f"{type(error).__name__}: {error}"[:300]}
            LOG.error("keys of the issuer of logins could not be fetched", extra={"facts": facts})
            return
        self._keys = {
            key.key_id or "": key
            for key in found.keys
            if key.public_key_use in (None, "sig") and key.key_type in ("RSA", "EC", "OKP")
        }
        self._fetched_at = at


def _address_of_keys(issuer: str) -> str:
    about = _document(issuer.rstrip("/") + WELL_KNOWN)
    if about.get("issuer") != issuer:
        raise ValueError("the issuer gives itself another name")
    return str(about["jwks_uri"])


def _document(address: str) -> dict[str, Any]:
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"an address of another kind: {address[:100]}")
    with urllib.request.urlopen(address, timeout=ANSWER_S) as answer:
        content = json.loads(answer.read(MOST_BYTES))
    if not isinstance(content, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - told as any other fault of the answer
    return content
