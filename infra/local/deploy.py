"""Deploys infra/template.yaml to the emulator as it would be deployed to AWS: package, change, wait; then closes the
emulator's gaps and writes down where everything is.

usage: deploy.py <template.yaml> <stack.json> <issuer url> [Parameter=Value ...]
Each line it prints is a step. It builds no binary: target/lambda/<function>/bootstrap is there already.
"""

import io
import json
import os
import pathlib
import sys
import time
import urllib.parse
import zipfile
from concurrent.futures import ThreadPoolExecutor

import expand
import gaps
from stack import client

STACK = "csba"
BUCKET = "csba-packages"

# The emulator refuses a template that has these. It takes no mail, and a deployment replaces everything, so nothing is lost.
UNKNOWN_TYPES = {"AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule"}
UNKNOWN_PROPERTIES = ["DeploymentPreference"]


def main(template_path, stack_path, issuer_url, *parameters):
    parameters = dict(parameter.split("=", 1) for parameter in parameters)
    template = expand.read(template_path)
    withhold(template)
    package(template, pathlib.Path(template_path).parent)
    create(template, parameters)
    resources = physical_ids()
    gaps.close(STACK, processed(), parameters, resources)
    verify_sender(parameters["MailFrom"])
    lead_to_api(resources, parameters["PortalUrl"])
    with open(stack_path, "w", encoding="utf-8") as file:
        json.dump(describe(resources, issuer_url, parameters["PortalUrl"]), file, indent=2)
        file.write("\n")


def withhold(template):
    for name, resource in [*template["Resources"].items()]:
        if isinstance(resource, dict) and resource["Type"] in UNKNOWN_TYPES:
            print(f"leaving out {name}, which the emulator does not know", flush=True)
            del template["Resources"][name]
    for function in [template["Globals"]["Function"], *(one["Properties"] for one in expand.functions(template).values())]:
        for name in UNKNOWN_PROPERTIES:
            function.pop(name, None)


def package(template, folder):
    """Each CodeUri becomes the address of a zip in the emulator's S3."""
    functions = expand.functions(template)
    print(f"packaging {len(functions)} functions", flush=True)
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_DEFAULT_REGION"]})
    binaries = {name: folder / function["Properties"]["CodeUri"] / "bootstrap" for name, function in functions.items()}
    for name, binary in binaries.items():
        if not binary.is_file():
            sys.exit(f"{name} has no binary: build a package that is called {binary.parent.name}")
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for name, body in zip(binaries, threads.map(zipped, binaries.values())):
            s3.put_object(Bucket=BUCKET, Key=f"{name}.zip", Body=body)
            functions[name]["Properties"]["CodeUri"] = f"s3://{BUCKET}/{name}.zip"


def zipped(binary):
    """Level 1: four times as quick as the usual level 6 and a tenth larger."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, binary.read_bytes(), compresslevel=1)
    return body.getvalue()


def create(template, parameters):
    print("deploying the template", flush=True)
    cloudformation, s3 = client("cloudformation"), client("s3")
    s3.put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template))
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=f"{os.environ['AWS_ENDPOINT_URL']}/{BUCKET}/template.json",
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    give_up = time.monotonic() + 120
    while (status := cloudformation.describe_stacks(StackName=STACK)["Stacks"][0])["StackStatus"] != "CREATE_COMPLETE":
        if status["StackStatus"] != "CREATE_IN_PROGRESS" or time.monotonic() > give_up:
            sys.exit(f"the template does not deploy: {why(cloudformation, status)}")
        time.sleep(0.1)


def why(cloudformation, status):
    """The first failure is the cause; those after it follow from it."""
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("FAILED")]
    causes = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed[:1]]
    return causes[0] if causes else status.get("StackStatusReason", status["StackStatus"])


def processed():
    """The template after its transforms, as the emulator deployed it."""
    body = client("cloudformation").get_template(StackName=STACK, TemplateStage="Processed")["TemplateBody"]
    return json.loads(body) if isinstance(body, str) else body


def physical_ids():
    pages = client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
    return {
        resource["LogicalResourceId"]: (resource["ResourceType"], resource["PhysicalResourceId"])
        for page in pages
        for resource in page["StackResourceSummaries"]
    }


def verify_sender(address):
    """SES sends only from a verified identity; in AWS that is a DNS record, here a call."""
    client("ses").verify_domain_identity(Domain=address.split("@", 1)[1])


def lead_to_api(resources, portal_url):
    """The pages' address is known before the API is there; in AWS it is a domain with a certificate, here two calls."""
    (api,) = [physical for kind, physical in resources.values() if kind == "AWS::ApiGatewayV2::Api"]
    gateway, domain = client("apigatewayv2"), urllib.parse.urlsplit(portal_url).hostname
    gateway.create_domain_name(DomainName=domain)
    gateway.create_api_mapping(DomainName=domain, ApiId=api, Stage="$default")


def describe(resources, issuer_url, portal_url):
    """What a person, a test or another script must know to talk to the stack."""

    def of(kind, suffix=""):
        return {
            name.removesuffix(suffix): physical
            for name, (its_kind, physical) in sorted(resources.items())
            if its_kind == kind
        }

    endpoint = os.environ["AWS_ENDPOINT_URL"]
    (api,) = of("AWS::ApiGatewayV2::Api").values()
    return {
        "endpoint": endpoint,
        "api_url": f"{endpoint}/_aws/execute-api/{api}/$default",
        "portal_url": portal_url,
        "issuer_url": issuer_url,
        "region": os.environ["AWS_DEFAULT_REGION"],
        "account": os.environ["AWS_ACCESS_KEY_ID"],
        "credentials": {
            "access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
            "secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
        },
        "queues": of("AWS::SQS::Queue", "Queue"),
        "buckets": of("AWS::S3::Bucket", "Bucket"),
        "tables": of("AWS::DynamoDB::Table", "Table"),
        "functions": of("AWS::Lambda::Function"),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
