"""An OpenID Connect issuer of our own on loopback: real keys, real tokens, real HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

AUDIENCE = "muster-test"


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class Issuer:
    """Gives out tokens; ``asked`` counts requests, ``silent`` lets it answer with an error."""

    address: str
    keys: dict[str, RSAPrivateKey] = field(default_factory=lambda: {"first": new_key()})
    asked: int = 0
    silent: bool = False
    says_issuer: str = ""

    def token(self, key_id: str = "first", *, alg: str = "RS256", key: Any = None, **changes: Any) -> str:
        """A token in order but for the changes; a claim changed to ``None`` is left out."""
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": AUDIENCE, "sub": "u-17", "name": "Li Na", "iat": now,
            "exp": now + 300, "roles": ["dispatcher"], **changes,
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        signing = self.keys[key_id] if key is None else key
        return jwt.encode(kept, signing, algorithm=alg, headers={"kid": key_id})

    def document(self, path: str) -> dict[str, Any] | None:
        self.asked += 1
        if self.silent:
            return None
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.says_issuer or self.address, "jwks_uri": f"{self.address}/keys"}
        if path == "/keys":
            return {"keys": [_public(name, key) for name, key in self.keys.items()]}
        return None


def _public(name: str, key: RSAPrivateKey) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": name, "use": "sig", "alg": "RS256"}


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that answers for the time of a block."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = issuer.document(self.path)
            self.send_response(500 if content is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content or {}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
