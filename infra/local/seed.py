"""A small demo store: one seller of the US store and one order, told to the stack as the marketplace would tell it.

usage: seed.py <stack.json> [order]
An order of another name is a further one. It writes to the Events queue only and waits until each fact is taken in, for half a minute at most.
"""

import datetime
import json
import sys
import time

from stack import client, read

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
STORE, SELLER = "US", "demo-seller"


def ago(**how_long):
    return (NOW - datetime.timedelta(**how_long)).isoformat()


def events(order):
    yield {
        "type": "seller_registered",
        "version": 1,
        "store": STORE,
        "seller_id": SELLER,
        "occurred_at": ago(days=3),
        "plan": "professional",
        "standing": "good",
        "address_country": "US",
        "email": "seller@demo.example",
        "language": "en",
        "accepted_terms": "2026-01",
    }
    yield {
        "type": "order_placed",
        "version": 1,
        "store": STORE,
        "order_id": order,
        "customer_id": "demo-customer",
        "placed_at": ago(days=2),
        "lines": [
            {
                "item_id": "1",
                "seller_id": SELLER,
                "product_id": "demo-product",
                "quantity": 1,
                "unit_price_minor": 1999,
                "fulfilment": "seller",
                "promised_by": ago(hours=12),
            }
        ],
    }


def main(stack_path, order="demo-order"):
    queue, sqs = read(stack_path)["queues"]["Events"], client("sqs")
    # What others have sent may wait there for something that never comes.
    before = waiting(sqs, queue)
    for event in events(order):
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(event))
        if not is_taken_in(sqs, queue, before):
            sys.exit("the demo store is not taken in yet: see `cargo xtask logs marketplace-intake`")
    return print(f"the demo store {STORE} has the seller {SELLER} and the order {order}")


def is_taken_in(sqs, queue, before):
    """The order must find its seller, so each fact waits for the one before it."""
    for _ in range(300):
        if waiting(sqs, queue) <= before:
            return True
        time.sleep(0.1)
    return False


def waiting(sqs, queue):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(count) for count in counts.values())


if __name__ == "__main__":
    main(*sys.argv[1:])
