"""Prints the logs of the functions, oldest first.

usage: logs.py <stack.json> [Function]
Function is the name in the template, in any case, with or without hyphens. It does not follow; call it again.
"""

import datetime
import re
import sys

from stack import client, read


def main(stack_path, wanted=None):
    functions = read(stack_path)["functions"]
    chosen = {name: physical for name, physical in functions.items() if wanted is None or bare(name) == bare(wanted)}
    if not chosen:
        sys.exit(f"no function is called {wanted}; there are {', '.join(sorted(functions))}")
    lines = [line for name, physical in chosen.items() for line in written(name, physical)]
    for at, name, message in sorted(lines, key=lambda line: line[0]):
        moment = datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc)
        print(f"{moment:%H:%M:%S.%f}"[:-3], f"{name:<18}", message)


def bare(name):
    return re.sub("[^a-z]", "", name.lower())


def written(name, physical):
    group = client("lambda").get_function_configuration(FunctionName=physical)["LoggingConfig"]["LogGroup"]
    pages = client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    for page in pages:
        for event in page["events"]:
            message = event["message"].rstrip()
            if message and not message.startswith(("START ", "END ", "REPORT ")):
                yield event["timestamp"], name, message


if __name__ == "__main__":
    main(*sys.argv[1:])
