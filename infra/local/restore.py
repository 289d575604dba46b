"""The restore drill: every table of a stack as it was at one second, in new tables beside the old ones, exported, and laid
down as `cargo xtask verify-ledger --from` reads it.

usage: restore.py --stack NAME --at TIME --bucket BUCKET --into FOLDER [--rehearse EXPANDED.json]
It changes and deletes nothing that is there; what it made, it names at the end. With --rehearse nothing is called: each call
that would be made is checked against what AWS takes, and printed; the tables are those of the expanded template.
"""

import argparse
import contextlib
import datetime
import gzip
import json
import pathlib
import sys
import time

import boto3
from botocore.exceptions import ClientError

TABLE = "AWS::DynamoDB::Table"
# It holds the keys that sign links: restored like the others, and looked at by nobody.
UNSEEN = "SecretsTable"
# Time has to pass before a table that was just restored can be exported.
NOT_YET = {"InvalidExportTimeException", "PointInTimeRecoveryUnavailableException", "ContinuousBackupsUnavailableException"}
PATIENCE = 6 * 60 * 60


def main():
    asked = arguments()
    clients = {service: boto3.client(service) for service in ("cloudformation", "dynamodb", "s3")}
    if asked.rehearse:
        for client in clients.values():
            rehearse(client, asked.rehearse)
    dynamodb, s3 = clients["dynamodb"], clients["s3"]
    mark = f"drill-{asked.at:%Y%m%dT%H%M%SZ}"
    copies = {name: f"{table}-{mark}" for name, table in tables(clients["cloudformation"], asked.stack).items()}
    try:
        restore(dynamodb, copies, mark, asked.at)
        exports = {
            name: export(dynamodb, copy, asked.bucket, f"{mark}/{name}") for name, copy in copies.items() if name != UNSEEN
        }
        for name, arn in exports.items():
            lay_down(s3, finished(dynamodb, arn), pathlib.Path(asked.into) / f"{name}.jsonl")
    finally:
        print("What was made, and how it goes away:")
        for copy in copies.values():
            print(f"  aws dynamodb delete-table --table-name {copy}")
        print(f"  aws s3 rm --recursive s3://{asked.bucket}/{mark}/", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--at", required=True, type=instant, help="as in 2026-11-30T10:00:00Z")
    parser.add_argument("--bucket", required=True, help="where the exports go; it exists already")
    parser.add_argument("--into", required=True)
    parser.add_argument("--rehearse", metavar="EXPANDED.json")
    return parser.parse_args()


def instant(text):
    at = datetime.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError("it names no offset")
    return at.astimezone(datetime.timezone.utc)


def tables(cloudformation, stack):
    """Physical names, by those of the template."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    found = {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == TABLE
    }
    return found or sys.exit(f"{stack} has no tables")


def restore(dynamodb, copies, mark, at):
    """All of them to the same second. Indexes are left out: only items are looked at."""
    for name, copy in copies.items():
        print(f"restoring {name} as of {at:%Y-%m-%d %H:%M:%S} UTC", flush=True)
        dynamodb.restore_table_to_point_in_time(
            SourceTableName=copy.removesuffix(f"-{mark}"),
            TargetTableName=copy,
            RestoreDateTime=at,
            BillingModeOverride="PAY_PER_REQUEST",
            GlobalSecondaryIndexOverride=[],
        )
    for copy in copies.values():
        until(lambda copy=copy: dynamodb.describe_table(TableName=copy)["Table"]["TableStatus"] == "ACTIVE", copy)


def export(dynamodb, copy, bucket, prefix):
    """Only a table with point-in-time recovery is exported, and a restored one has none."""
    print(f"exporting {copy}", flush=True)
    arn = dynamodb.describe_table(TableName=copy)["Table"]["TableArn"]
    dynamodb.update_continuous_backups(
        TableName=copy, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    begun = []

    def begin():
        try:
            said = dynamodb.export_table_to_point_in_time(
                TableArn=arn, S3Bucket=bucket, S3Prefix=prefix, ExportFormat="DYNAMODB_JSON"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in NOT_YET:
                return False
            raise
        begun.append(said["ExportDescription"]["ExportArn"])
        return True

    until(begin, copy)
    return begun[0]


def finished(dynamodb, arn):
    """The export when it is done."""
    last = {}

    def is_done():
        last.update(dynamodb.describe_export(ExportArn=arn)["ExportDescription"])
        if last["ExportStatus"] == "FAILED":
            sys.exit(f"{arn}: {last.get('FailureMessage')}")
        return last["ExportStatus"] == "COMPLETED"

    until(is_done, arn)
    return last


def lay_down(s3, exported, path):
    """All parts of an export in one file; it must have as many lines as the export says it has items."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = 0
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=exported["S3Bucket"], Prefix=exported["S3Prefix"] + "/")
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", []) if "/data/" in entry["Key"]]
    with open(path, "wb") as out:
        for key in sorted(key for key in keys if key.endswith(".json.gz")):
            body = s3.get_object(Bucket=exported["S3Bucket"], Key=key)["Body"]
            with gzip.open(body) as part:
                for line in part:
                    out.write(line if line.endswith(b"\n") else line + b"\n")
                    lines += 1
    if lines != exported["ItemCount"]:
        sys.exit(f"{path.name}: {lines} items came, {exported['ItemCount']} were exported")
    print(f"{path.name}: {lines} items", flush=True)


def until(is_so, what):
    give_up = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > give_up:
            sys.exit(f"{what} takes longer than {PATIENCE // 3600} hours")
        time.sleep(15)


def rehearse(client, expanded):
    """Calls are built and checked as ever, printed, and answered here."""
    with open(expanded, encoding="utf-8") as file:
        resources = json.load(file)["Resources"]
    listed = [
        {"LogicalResourceId": name, "PhysicalResourceId": f"csba-{name}-ABC", "ResourceType": resource["Type"]}
        for name, resource in resources.items()
    ]
    arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/export/1"
    of_export = {"ExportArn": arn, "ExportStatus": "COMPLETED", "S3Bucket": "b", "S3Prefix": "p", "ItemCount": 0}
    answers = {
        "ListStackResources": {"StackResourceSummaries": listed},
        "DescribeTable": {"Table": {"TableStatus": "ACTIVE", "TableArn": "arn:aws:dynamodb:eu-west-1:0:table/t"}},
        "ExportTableToPointInTime": {"ExportDescription": of_export},
        "DescribeExport": {"ExportDescription": of_export},
    }

    def show(params, model, **_):
        print(f"{model.name} {json.dumps(params, default=str)}", flush=True)

    class Fine:
        status_code = 200

    events = client.meta.events
    events.register("before-parameter-build.*.*", show)
    events.register("before-call.*.*", lambda model, **_: (Fine, answers.get(model.name, {})))


if __name__ == "__main__":
    main()
