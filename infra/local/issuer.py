"""The issuer of the local stack alone: OpenID discovery, its keys, tokens, and a page on which one picks who to be.

usage: issuer.py <port>
POST /token takes claims as JSON or as a form (sub, seller_id, stores, scope ...) and answers with an access token that
carries them. Pages sign in by the authorization code flow with PKCE: GET /authorize asks the developer who to be, and
POST /token with grant_type=authorization_code takes the code that follows.
It knows nobody and refuses nobody, so it listens on 127.0.0.1 only, sends a browser to addresses of this machine only,
and its key and codes live in memory.
"""

import base64
import hashlib
import html
import json
import os
import re
import secrets
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "csba"
KEY_ID = "local"
TEN_YEARS = 10 * 365 * 24 * 3600
HOUR = 3600
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

CODE_SECONDS = 60
# Codes that wait to be taken: what each was given for.
CODES = {}
# What a request for a code says. A redirect_uri is on this machine, and nothing in it can be read in two ways.
ASKED = {
    "response_type": r"code",
    "client_id": r"[!-~]{1,100}",
    "redirect_uri": r"(http://(?:127\.0\.0\.1|(?:[a-z0-9-]+\.)*localhost)(?::[0-9]{1,5})?)/[a-zA-Z0-9._/-]*",
    "scope": r"([a-z]+ )*openid( [a-z]+)*",
    "state": r"[!-~]{1,500}",
    "nonce": r"[!-~]{1,500}",
    "code_challenge": r"[a-zA-Z0-9_-]{43}",
    "code_challenge_method": r"S256",
}
# Whom one can be with one click, and what is asked of anybody else, by scope.
READY = {
    "seller": [
        {"sub": "ann", "seller_id": "demo-seller"},
        {"sub": "ben", "seller_id": "demo-seller"},
        {"sub": "eva", "seller_id": "other-seller"},
    ],
    "desk": [{"sub": "mei", "stores": "US DE"}, {"sub": "lea", "stores": "US DE", "role": "lead"}],
}
FIELDS = {
    "seller": '<p><label for="seller_id">Seller</label> <input id="seller_id" name="seller_id" value="demo-seller"></p>',
    "desk": '<p><label for="stores">Stores</label> <input id="stores" name="stores" value="US DE"></p>'
    '<p><label for="role">Role</label> <select id="role" name="role">'
    '<option value="">none</option><option value="lead">lead</option></select></p>',
}
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in to the local stack</title></head>
<body><main>
<h1>Sign in to the local stack</h1>
<p>{client_id} asks who you are, for: {scope}. Be whom you like; nobody is refused here.</p>
<h2>One of these</h2>
{ready}
<h2>Or somebody else</h2>
<form method="post" action="{action}">
<p><label for="sub">User</label> <input id="sub" name="sub" required autocomplete="off"></p>
{fields}
<p><button>Sign in</button></p>
</form>
</main></body></html>
"""


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def keys():
    public = KEY.public_key().public_numbers()
    return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": number(public.n), "e": number(public.e)}]}


def signed(kind, claims):
    parts = [{"alg": "RS256", "typ": kind, "kid": KEY_ID}, claims]
    text = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return f"{text}.{base64url(KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def token(issuer, wanted):
    now = int(time.time())
    claims = {"iss": issuer, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + TEN_YEARS, "token_use": "access", **wanted}
    return {"access_token": signed("at+jwt", claims), "token_type": "Bearer", "expires_in": claims["exp"] - now}


def id_token(issuer, given):
    """It ends by the time of the stack, which travels: a page looks at it, while the gateway's own time stays."""
    now = int(time.time()) + travelled()
    who = {"sub": given["claims"]["sub"], "nonce": given["nonce"]}
    return signed("JWT", {"iss": issuer, "aud": given["client_id"], "iat": now, "exp": now + HOUR, **who})


def travelled():
    try:
        with open(os.environ["CSBA_TRAVEL_FILE"], encoding="utf-8") as file:
            return int(file.read())
    except (KeyError, OSError, ValueError):
        return 0


def asked(query):
    """A request for a code as it has to be, or ValueError with the name of what is not."""
    pairs = urllib.parse.parse_qsl(query)
    request = dict(pairs)
    for name, form in ASKED.items():
        if [key for key, _ in pairs].count(name) != 1 or not re.fullmatch(form, request[name]):
            raise ValueError(name)
    return request


def page(query, request):
    """The page that asks who to be. What was asked for stays in the address that its forms go to."""
    action = html.escape(f"/authorize?{query}")
    scopes = [scope for scope in request["scope"].split() if scope in FIELDS]
    ready = [button(action, who) for scope in scopes for who in READY[scope]]
    said = {name: html.escape(request[name]) for name in ("client_id", "scope")}
    fields = "\n".join(FIELDS[scope] for scope in scopes)
    return PAGE.format(action=action, ready="\n".join(ready), fields=fields, **said)


def button(action, who):
    hidden = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in who.items())
    what = who.get("seller_id") or who.get("role", "associate")
    return f'<form method="post" action="{action}">{hidden}<p><button>{who["sub"]}, {what}</button></p></form>'


def code(request, who):
    """A code for whom the developer has picked. What was not filled in is no claim."""
    if not who.get("sub"):
        raise ValueError("sub")
    scope = " ".join(scope for scope in request["scope"].split() if scope != "openid")
    picked = {name: who[name] for name in ("sub", "seller_id", "stores", "role") if who.get(name)}
    fresh, now = secrets.token_urlsafe(32), time.monotonic()
    for old in [old for old, given in list(CODES.items()) if given["until"] <= now]:
        CODES.pop(old, None)
    CODES[fresh] = {**request, "claims": {**picked, "scope": scope}, "until": now + CODE_SECONDS}
    return fresh


def exchanged(issuer, form):
    """The tokens for a code, or None. A code is gone once it was tried, whatever came of it."""
    given = CODES.pop(str(form.get("code")), None)
    challenge = base64url(hashlib.sha256(str(form.get("code_verifier")).encode()).digest())
    if given is None or given["until"] <= time.monotonic() or challenge != given["code_challenge"]:
        return None
    if any(form.get(name) != given[name] for name in ("client_id", "redirect_uri")):
        return None
    return {**token(issuer, given["claims"]), "id_token": id_token(issuer, given)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        issuer, (path, _, query) = self.server.issuer, self.path.partition("?")
        documents = {
            "/.well-known/openid-configuration": {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/jwks.json",
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "token_endpoint_auth_methods_supported": ["none"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid", "seller", "desk", "marketplace"],
                "claims_supported": ["sub", "scope", "seller_id", "stores", "role"],
            },
            "/jwks.json": keys(),
        }
        if path == "/authorize":
            return self.authorize(query)
        if path in documents:
            return self.answer(200, documents[path])
        return self.answer(404, {"error": "not_found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path, _, query = self.path.partition("?")
        if path == "/authorize":
            return self.authorize(query, {"sub": "", **dict(urllib.parse.parse_qsl(body))})
        if path != "/token":
            return self.answer(404, {"error": "not_found"})
        try:
            wanted = json.loads(body) if body.lstrip().startswith("{") else dict(urllib.parse.parse_qsl(body))
        except ValueError:
            return self.answer(400, {"error": "invalid_request"})
        if "grant_type" not in wanted:
            return self.answer(200, token(self.server.issuer, wanted))
        if wanted["grant_type"] != "authorization_code":
            return self.answer(400, {"error": "unsupported_grant_type"})
        tokens = exchanged(self.server.issuer, wanted)
        return self.answer(200, tokens) if tokens else self.answer(400, {"error": "invalid_grant"})

    def authorize(self, query, who=None):
        """The page, or, once it is known who to be, the way back with a code."""
        try:
            request = asked(query)
            found = who and {"code": code(request, who), "state": request["state"]}
        except ValueError as odd:
            return self.answer(400, {"error": "invalid_request", "error_description": f"{odd} is missing or odd"})
        if found:
            place = f"{request['redirect_uri']}?{urllib.parse.urlencode(found)}"
            return self.send(303, "", "text/plain", {"Location": place})
        # A browser holds where the form leads in the end to this as well, so the pages are named.
        back = re.fullmatch(ASKED["redirect_uri"], request["redirect_uri"])[1]
        policy = f"default-src 'none'; form-action 'self' {back}; base-uri 'none'; frame-ancestors 'none'"
        return self.send(200, page(query, request), "text/html; charset=utf-8", {"Content-Security-Policy": policy})

    def answer(self, status, body):
        return self.send(status, json.dumps(body), "application/json", {})

    def send(self, status, body, kind, headers):
        content = body.encode()
        headers = {"Content-Type": kind, "Content-Length": str(len(content)), "Cache-Control": "no-store", **headers}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
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
