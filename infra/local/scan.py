"""Prints every item of every table, one to a line, with the table's name in the template.

usage: scan.py <stack.json>
Reads are consistent, but the tables are read one after the other: what is written meanwhile may be seen in half.
"""

import json
import sys

from stack import client, read


def main(stack_path):
    pages = client("dynamodb").get_paginator("scan")
    for name, physical in read(stack_path)["tables"].items():
        for page in pages.paginate(TableName=physical, ConsistentRead=True):
            for item in page["Items"]:
                print(json.dumps({"table": f"{name}Table", "item": item}, separators=(",", ":")))


if __name__ == "__main__":
    main(*sys.argv[1:])
