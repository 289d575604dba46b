"""Asks checkov of the expanded template, and holds what it finds against the list of what may stay.

usage: policy.py <checkov> <expanded.json> <checkov.toml>
Fails where something is found that is not on the list, and where something on the list is not found: it would hide the next.
"""

import fnmatch
import json
import subprocess
import sys
import tomllib


def main(checkov, expanded, listed):
    with open(listed, "rb") as file:
        allowed = tomllib.load(file)
    found = findings(checkov, expanded)
    troubles = [*new(found, allowed), *gone(found, allowed)]
    for trouble in troubles:
        print(trouble)
    if troubles:
        sys.exit(1)


def findings(checkov, expanded):
    """Each check that failed, with what it says and on which resource."""
    command = [checkov, "--file", expanded, "--framework", "cloudformation", "--skip-download", "--compact", "--quiet"]
    run = subprocess.run([*command, "--output", "json", "--soft-fail"], capture_output=True, text=True, check=False)
    try:
        report = json.loads(run.stdout)
        resources = report["summary"]["resource_count"]
    except (ValueError, KeyError, TypeError):
        sys.exit(f"checkov gave no report:\n{run.stdout}{run.stderr}")
    if resources == 0 or report["summary"]["parsing_errors"]:
        sys.exit("checkov could not read the template")
    return [(check["check_id"], check["resource"], check["check_name"]) for check in report["results"]["failed_checks"]]


def new(found, allowed):
    for check, resource, name in found:
        if not any(fnmatch.fnmatchcase(resource, pattern) for pattern in allowed.get(check, {}).get("on", [])):
            yield f"{check} on {resource}: {name}"


def gone(found, allowed):
    for check, entry in allowed.items():
        if not entry.get("reason", "").strip():
            yield f"{check} has no reason"
        for pattern in entry["on"]:
            if not any(check == of and fnmatch.fnmatchcase(resource, pattern) for of, resource, _ in found):
                yield f"{check} is not found on {pattern}: take it off the list"


if __name__ == "__main__":
    main(*sys.argv[1:])
