"""The routing function's happy path in Python: the same reads, the same items in one transaction, with boto3 and its
connections kept. The loop at the end is what the managed runtime does."""

import datetime
import hashlib
import http.client
import json
import os

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config

DYNAMODB = boto3.client("dynamodb", config=Config(tcp_keepalive=True))
INQUIRIES, LEDGER = os.environ["TABLE_INQUIRIES"], os.environ["TABLE_LEDGER"]
ONCE, ORDERS, OUTBOX = os.environ["TABLE_ONCE"], os.environ["TABLE_ORDERS"], os.environ["TABLE_OUTBOX"]
FAMILY = {"damaged_item": "product"}
DAY = datetime.timedelta(days=1)
IS_NEW = "attribute_not_exists(pk)"

written = TypeSerializer().serialize
read = TypeDeserializer().deserialize


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def item(**fields):
    return {name: written(value) for name, value in fields.items()}


def put(table, condition, **fields):
    request = {"TableName": table, "Item": item(schema=1, **fields)}
    if condition:
        request |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    return {"Put": request}


def milliseconds(at):
    return int(at.timestamp() * 1000)


def route(contact, body, now):
    store, seller, topic, subject = contact["store"], contact["seller"], contact["topic"], contact["subject"]
    name, order_id, channel = contact["id"], subject["order"], contact["channel"]
    issue = FAMILY.get(topic, topic)
    order_key = {"pk": f"{store}#{order_id}", "sk": "ORDER"}
    thread_key = {"pk": order_key["pk"], "sk": f"{seller}#THREAD"}
    inquiry_key = {"pk": order_key["pk"], "sk": f"{seller}#{issue}"}
    found = DYNAMODB.batch_get_item(
        RequestItems={
            ORDERS: {"Keys": [item(**order_key)], "ConsistentRead": True},
            INQUIRIES: {"Keys": [item(**thread_key), item(**inquiry_key)], "ConsistentRead": True},
        }
    )["Responses"]
    order = read(found[ORDERS][0]["state"])
    line = next(line for line in order["lines"] if line["item"] in subject["items"])

    at = contact["received_at"]
    received = datetime.datetime.fromisoformat(at)
    cause = digest(f"contact-router\n{store}#{name}")
    inquiry = cause[:26]
    due = received + 2 * DAY
    quarter = f"{received.year}Q{(received.month + 2) // 3}"
    entry = {"contact": name, "counts": "fee-4.countable", "order": order_id, "received_at": at, "topic": topic}
    state = {
        "id": inquiry, "store": store, "order": order_id, "seller": seller, "issue": issue, "topic": topic,
        "customer": contact["customer"], "items": subject["items"], "contacts": [name], "channel": channel,
        "language": contact["language"], "mailable": None, "opened_at": at, "resolution_due": due.isoformat(), "episode": 1,
        "decisions": [], "owned": {"counted_to": at, "customer_ms": 0, "seller_ms": 0, "service_ms": 0}, "request": None,
        "status": {"status": "open", "judgement_owed": False},
    }

    def alarm(rings):
        key = f"resolution#{inquiry}#{milliseconds(rings)}"
        told = {"alarm": "resolution", "store": store, "order": order_id, "seller": seller, "issue": issue,
                "inquiry": inquiry, "rings_at": rings.isoformat()}
        shard = f"{int(digest(key)[:2], 16) % 16:02}"
        return put(OUTBOX, None, pk=f"ENTRY#{key}", sk="ENTRY", body=json.dumps(told), kind="later", queue="clocks",
                   due_at=milliseconds(rings), due_shard=shard)

    insights = f"{store}#{seller}#INSIGHTS"
    DYNAMODB.transact_write_items(
        ClientRequestToken=cause[:36],
        TransactItems=[
            put(ONCE, IS_NEW, pk=f"contact-router#{store}#{name}", sk="ONCE", expires_at=now // 1000 + 400 * 86_400,
                state={"answer": None, "digest": digest(body)}),
            put(INQUIRIES, IS_NEW, pk=f"{store}#CONTACT#{name}", sk="ROUTE", customer_key=f"{store}#{contact['customer']}",
                state={"contact": name, "store": store, "seller": seller, "order": order_id, "topic": topic,
                       "arrival": "opened", "inquiry": inquiry, "route": {"owner": "service", "reason": "covered"}}),
            put(INQUIRIES, IS_NEW, **thread_key, version=1,
                state={"last": {channel: {"at": at, "issue": issue}}, "taken_over": []}),
            put(INQUIRIES, IS_NEW, **inquiry_key, version=1, state=state, queue_key=f"{store}#0",
                queue_rank=f"1#{due.isoformat()}#{inquiry}", seller_key=f"{store}#{seller}", seller_rank=f"{at}#{inquiry}"),
            put(LEDGER, IS_NEW, pk=insights, sk=f"FACT#{quarter}#{at[:10]}#CONTACT#{name}",
                state=entry | {"at": at, "channel": channel, "fact": "contact", "inquiry": inquiry,
                               "products": [line["product"]]}),
            put(LEDGER, None, pk=insights, sk=f"DUE#{quarter}#{at[:10]}#11", due_at=milliseconds(received + DAY),
                due_shard="14", version=1, state={"day": at[:10], "quarter": quarter}),
            put(LEDGER, IS_NEW, pk=f"{store}#{seller}#{quarter}", sk=f"CONTACT#{name}",
                state={"entry": entry | {"entry": "contact"}, "measured_next": False}),
            put(INQUIRIES, IS_NEW, pk=f"{store}#INQUIRY#{inquiry}", sk="INQUIRY#EVENT#0000000001#00",
                state={"actor": "marketplace", "at": at, "cause": cause, "event": {"event": "opened"} | state}),
            alarm(due - DAY / 2),
            alarm(due),
        ],
    )


def handler(event):
    failures = []
    for record in event["Records"]:
        failure = None
        try:
            route(json.loads(record["body"]), record["body"], int(record["attributes"]["SentTimestamp"]))
        except Exception as error:
            failure = str(error)
            failures.append({"itemIdentifier": record["messageId"]})
        level = "WARN" if failure else "INFO"
        print(json.dumps({"level": level, "id": record["messageId"], "failure": failure, "message": "handled"}), flush=True)
    return {"batchItemFailures": failures}


def main():
    runtime = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    path = "/2018-06-01/runtime/invocation"
    while True:
        runtime.request("GET", f"{path}/next")
        answer = runtime.getresponse()
        event, name = json.loads(answer.read()), answer.headers["lambda-runtime-aws-request-id"]
        runtime.request("POST", f"{path}/{name}/response", json.dumps(handler(event)))
        runtime.getresponse().read()


if __name__ == "__main__":
    main()
