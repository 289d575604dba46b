"""Invokes one function with one event and prints its answer and what it logged.

usage: invoke.py <stack.json> <Function> <event.json>
"""

import base64
import sys

from logs import bare
from stack import client, read


def main(stack_path, wanted, event_path):
    functions = read(stack_path)["functions"]
    physical = next((physical for name, physical in functions.items() if bare(name) == bare(wanted)), None)
    if physical is None:
        sys.exit(f"no function is called {wanted}; there are {', '.join(sorted(functions))}")
    try:
        with open(event_path, "rb") as file:
            event = file.read()
    except OSError as error:
        sys.exit(f"cannot read the event: {error}")
    answer = client("lambda").invoke(FunctionName=physical, LogType="Tail", Payload=event)
    print(base64.b64decode(answer.get("LogResult", "")).decode(errors="replace").rstrip(), file=sys.stderr)
    print(answer["Payload"].read().decode())
    if answer.get("FunctionError"):
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
