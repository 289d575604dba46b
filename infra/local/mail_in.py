"""Brings a mail in as SES would: its bytes into the bucket, then the notification of its receipt into the queue.

usage: mail_in.py <stack.json> <mail.eml> [--to ADDRESS] [--from ADDRESS] [--found WHAT=STATUS ...]
Without --to it is sent to whom its head names, without --from by whom its head names. WHAT is spam, virus, spf, dkim or
dmarc, and STATUS is PASS unless it is said otherwise: the emulator takes no mail, so nobody looks at it.
"""

import argparse
import datetime
import email.utils
import json
import uuid

from stack import client, read

WHAT = ("spam", "virus", "spf", "dkim", "dmarc")


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("stack")
    asked.add_argument("mail")
    asked.add_argument("--to", action="append")
    asked.add_argument("--from", dest="source")
    asked.add_argument("--found", action="append", default=[])
    asked = asked.parse_args()
    stack = read(asked.stack)
    with open(asked.mail, "rb") as file:
        raw = file.read()
    head = email.message_from_bytes(raw)
    to = asked.to or [address for _, address in email.utils.getaddresses(head.get_all("To", []))]
    source = asked.source if asked.source is not None else email.utils.parseaddr(head.get("From", ""))[1]
    found = dict.fromkeys(WHAT, "PASS") | dict(one.split("=", 1) for one in asked.found)
    name = uuid.uuid4().hex
    bucket = stack["buckets"]["Mails"]
    client("s3").put_object(Bucket=bucket, Key=name, Body=raw)
    notification = told(name, bucket, source, to, found)
    client("sqs").send_message(QueueUrl=stack["queues"]["Mails"], MessageBody=json.dumps(notification))
    print(f"{name}: {len(raw)} bytes from <{source}> to {', '.join(to)}")


def told(name, bucket, source, to, found):
    at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "notificationType": "Received",
        "mail": {"timestamp": at, "source": source, "messageId": name, "destination": to},
        "receipt": {
            "timestamp": at,
            "recipients": to,
            **{f"{what}Verdict": {"status": found[what]} for what in WHAT},
            "action": {"type": "S3", "bucketName": bucket, "objectKey": name},
        },
    }


if __name__ == "__main__":
    main()
