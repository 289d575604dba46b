"""Expands template.yaml to plain CloudFormation, with no network: language extensions first, then SAM.

usage: expand.py <template.yaml> <expanded.json>
It judges nothing; cfn-lint does that, on what this wrote.
"""

import json
import os
import sys

from ministack.services.cloudformation import language_extensions
from ministack.services.cloudformation.engine import _parse_template
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """The template names no managed policy; were one named, it would stay as it is written."""

    def load(self):
        return {}


def read(path):
    """The template as it is written, its short forms (!Ref) turned into long ones."""
    with open(path, encoding="utf-8") as file:
        return _parse_template(file.read())


def functions(template):
    """Logical id and resource of each function."""
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if isinstance(resource, dict) and resource.get("Type") == "AWS::Serverless::Function"
    }


def expand(template):
    defaults = {name: str(given["Default"]) for name, given in template["Parameters"].items() if "Default" in given}
    template = language_extensions.apply(template, defaults)
    template.pop("Transform")
    return transform(template, {}, NoManagedPolicies())


def main(template_path, expanded_path):
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    template = read(template_path)
    for function in functions(template).values():
        # SAM takes a package only by its address; nothing looks at this one.
        function["Properties"]["CodeUri"] = f"s3://not-packaged/{function['Properties']['CodeUri']}"
    with open(expanded_path, "w", encoding="utf-8") as file:
        json.dump(expand(template), file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
