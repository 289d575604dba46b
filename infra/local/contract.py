"""What schemathesis is told of this stack: who calls which route, and what there is to ask for.

Not a program: `cargo xtask contract` names it to schemathesis, and the stack's file in the variable CSBA_STACK; CSBA_NOBODY is
set where nobody calls.
"""

import json
import os
import re
import urllib.request
import uuid

import schemathesis

with open(os.environ["CSBA_STACK"], encoding="utf-8") as file:
    STACK = json.load(file)
# Whether it is asked as nobody: without a token.
NOBODY = "CSBA_NOBODY" in os.environ

CALLERS = {
    "seller": {"sub": "primary-user", "seller_id": "demo-seller", "scope": "seller"},
    "desk": {"sub": "mei", "stores": "US", "role": "lead", "scope": "desk"},
    "marketplace": {"sub": "marketplace", "scope": "marketplace"},
}
# What the demo store has: in paths, where anything else of the schema is asked for too, and by the names of a body's fields,
# where anything else would be refused, rightly.
THERE = {"order_id": ["demo-order"], "seller_id": ["demo-seller"], "customer_id": ["demo-customer"]}
KNOWN = {
    "order_id": ["demo-order"],
    "topic": ["late_delivery", "damaged_item", "pre_order"],
    "languages": ["en", "es"],
    "non_returnable": ["customized", "grocery"],
    "windows": ["baby"],
    "item_id": ["1"],
    "item_ids": ["1"],
    "ordinal": [1],
    "macro": ["looking_into_it"],
    "slots": [],
    # The customer of a contact.
    "id": ["demo-customer"],
}
KEY = re.compile(r"[!-~]{1,128}")


def scope(case, _context):
    """Who the contract says may call this; nobody has to for the routes that it leaves open."""
    security = case.operation.definition.raw.get("security") or [{}]
    return next(iter(security[0].get("token", [])), None)


@schemathesis.auth(cache_by_key=scope)
class Token:
    def get(self, case, context):
        wanted = scope(case, context)
        if wanted is None or NOBODY:
            return None
        request = urllib.request.Request(f"{STACK['issuer_url']}/token", json.dumps(CALLERS[wanted]).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["access_token"]

    def set(self, case, data, _context):
        if data is not None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.check
def nobody_is_refused(context, response, case):
    """Without a token there is one answer, on every route that asks for one, whatever else is asked."""
    if NOBODY and scope(case, context) and case.method.lower() == case.operation.method.lower():
        assert response.status_code == 401, f"without a token this is answered with {response.status_code}"


@schemathesis.hook
def before_load_schema(_context, schema):
    """What is asked for is there, or is known at least: else every request ends at an order that nobody placed."""
    for parameter in parameters(schema):
        if parameter["in"] == "path" and parameter["name"] == "store":
            parameter["schema"] = {"enum": ["US"]}
        elif parameter["in"] == "path" and parameter["name"] in THERE and "anyOf" not in parameter["schema"]:
            parameter["schema"] = {"anyOf": [{"enum": THERE[parameter["name"]]}, parameter["schema"]]}
    for said in schema["paths"].values():
        for method in said.values():
            for media in method.get("requestBody", {}).get("content", {}).values() if isinstance(method, dict) else []:
                media["schema"] = knows(schema, media["schema"])
                examples = json.dumps(media.get("examples", {}))
                media["examples"] = json.loads(examples.replace("o-1001", "demo-order").replace('"c-1"', '"demo-customer"'))


def knows(schema, said):
    """A schema of a body, without its references, that names what is known."""
    if isinstance(said, list):
        return [knows(schema, part) for part in said]
    if not isinstance(said, dict):
        return said
    if "$ref" in said:
        return knows(schema, schema["components"]["schemas"][said["$ref"].rsplit("/", 1)[1]])
    said = {name: knows(schema, part) for name, part in said.items()}
    for name, part in said.get("properties", {}).items():
        known = KNOWN.get(name)
        if known == []:
            part["maxProperties"] = 0
        elif known and part.get("type") == "object":
            part["propertyNames"] = {"enum": known}
        elif known and "items" in part:
            part["items"] = {"enum": known}
        elif known and "const" not in part and part.get("type") != "null":
            optional = any("null" in way.get("type", "") for way in [part, *part.get("oneOf", [])])
            said["properties"][name] = {"enum": [*known, None] if optional else known}
    return said


def parameters(schema):
    """Every parameter of every route."""
    for said in schema["paths"].values():
        for place in [said, *(said[method] for method in said if method != "parameters")]:
            for parameter in place.get("parameters", []):
                name = parameter.get("$ref", "").rsplit("/", 1)[-1]
                yield schema["components"]["parameters"][name] if name else parameter


@schemathesis.hook
def filter_case(_context, case):
    """A place in a list is what an answer gave out before; nobody can make one up."""
    return "cursor" not in (case.query or {})


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """A request that differs from all before has a key of its own."""
    if KEY.fullmatch(str((case.headers or {}).get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
