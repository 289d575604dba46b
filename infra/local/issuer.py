"""A test issuer of access tokens, for the local stack alone: OpenID discovery, its keys, and POST /token.

usage: issuer.py <port>
POST /token takes claims as JSON or as a form (sub, seller_id, stores, scope ...) and answers with an access token that
carries them. It knows nobody and refuses nobody, so it listens on 127.0.0.1 only and its key lives in memory.
"""

import base64
import json
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "csba"
KEY_ID = "local"
TEN_YEARS = 10 * 365 * 24 * 3600
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def keys():
    public = KEY.public_key().public_numbers()
    return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": number(public.n), "e": number(public.e)}]}


def token(issuer, wanted):
    now = int(time.time())
    claims = {"iss": issuer, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + TEN_YEARS, "token_use": "access", **wanted}
    parts = [{"alg": "RS256", "typ": "at+jwt", "kid": KEY_ID}, claims]
    signed = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    signature = KEY.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return {"access_token": f"{signed}.{base64url(signature)}", "token_type": "Bearer", "expires_in": claims["exp"] - now}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        issuer = self.server.issuer
        pages = {
            "/.well-known/openid-configuration": {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/jwks.json",
                "token_endpoint": f"{issuer}/token",
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
            },
            "/jwks.json": keys(),
        }
        if self.path in pages:
            self.answer(200, pages[self.path])
        else:
            self.answer(404, {"error": "not_found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path != "/token":
            return self.answer(404, {"error": "not_found"})
        try:
            wanted = json.loads(body) if body.lstrip().startswith("{") else dict(urllib.parse.parse_qsl(body))
        except ValueError:
            return self.answer(400, {"error": "invalid_request"})
        return self.answer(200, token(self.server.issuer, wanted))

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def main(port):
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.issuer = f"http://127.0.0.1:{port}"
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
