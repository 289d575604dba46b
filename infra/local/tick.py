"""Fires every schedule of the stack once, now: what the minute and the day would bring anyway.

The targets and inputs are read from the schedules themselves. The time in the event is the real one; how far the local
stack has travelled is added by the functions.
"""

import datetime
import json
import sys
import uuid

from stack import client


def main():
    scheduler = client("scheduler")
    for schedule in scheduler.list_schedules()["Schedules"]:
        fire(scheduler.get_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"]))


def fire(schedule):
    """Again where it fails, as the scheduler would do."""
    payload = schedule["Target"].get("Input") or json.dumps(notification(schedule["Arn"]))
    tries = 1 + schedule["Target"].get("RetryPolicy", {}).get("MaximumRetryAttempts", 3)
    for _ in range(tries):
        answer = client("lambda").invoke(FunctionName=schedule["Target"]["Arn"], Payload=payload.encode())
        body = answer["Payload"].read().decode()
        if not answer.get("FunctionError"):
            print(f"{schedule['Name']} has fired: {body}", flush=True)
            return
    sys.exit(f"{schedule['Name']} failed: {body}")


def notification(arn):
    """What EventBridge Scheduler sends to a target that has no input of its own."""
    _, _, _, region, account, _ = arn.split(":", 5)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": account,
        "time": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [arn],
        "detail": "{}",
    }


if __name__ == "__main__":
    main()
