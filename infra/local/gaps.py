"""Closes what the emulator leaves open after a deployment, by calls of the AWS API only.

Everything is read from the processed template; nothing of the project is written down here. Closed are:
  1. the Body of an HTTP API is ignored: its routes, integrations and authorizers (with scopes) are made one by one;
  2. the time to live of a table is ignored;
  3. two permissions mean less than in AWS, so the deployed roles (never the template) are told in the emulator's words:
     sqs:SendMessage covers the batch call there; ses: permissions know identities and conditions there, here neither;
  4. it speaks no TLS, so a bucket that refuses whatever comes without loses that statement of its policy.
It does not repair a template: what is wrong there stays wrong.
"""

import json
import re

from stack import client


def close(stack_name, template, parameters, resources):
    resolve = Resolver(stack_name, template, parameters, resources)
    for name, resource in template["Resources"].items():
        if name not in resources:
            continue  # its condition does not hold
        kind, (_, physical), properties = resource["Type"], resources[name], resource.get("Properties", {})
        if kind == "AWS::ApiGatewayV2::Api" and "Body" in properties:
            open_routes(physical, resolve(properties["Body"]))
        elif kind == "AWS::DynamoDB::Table" and "TimeToLiveSpecification" in properties:
            set_time_to_live(physical, properties["TimeToLiveSpecification"])
        elif kind == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                translate_grants(physical, policy["PolicyName"])
        elif kind == "AWS::S3::BucketPolicy":
            allow_plain(resolve(properties["Bucket"]))


class Resolver:
    """The intrinsic functions that SAM writes into a Body. Another one is an error, never a guess."""

    def __init__(self, stack_name, template, parameters, resources):
        sts = client("sts")
        self.account, self.region = sts.get_caller_identity()["Account"], sts.meta.region_name
        self.resources = resources
        self.names = {
            "AWS::Partition": "aws",
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::StackName": stack_name,
            **{name: given["Default"] for name, given in template["Parameters"].items() if "Default" in given},
            **parameters,
            **{name: physical for name, (_, physical) in resources.items()},
        }

    def __call__(self, value):
        match value:
            case {"Ref": name}:
                return self.names[name]
            case {"Fn::GetAtt": [name, attribute]}:
                return self.attribute(name, attribute)
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^!}]+)\}", self.placeholder, text)
            case dict() if any(key.startswith("Fn::") for key in value):
                raise ValueError(f"gaps.py does not know {list(value)}")
            case dict():
                return {key: self(item) for key, item in value.items()}
            case list():
                return [self(item) for item in value]
            case _:
                return value

    def placeholder(self, match):
        name, dot, attribute = match[1].partition(".")
        return self.attribute(name, attribute) if dot else self.names[name]

    def attribute(self, name, attribute):
        kind, physical = self.resources[name]
        if (kind, attribute) != ("AWS::Lambda::Function", "Arn"):
            raise ValueError(f"gaps.py does not know {attribute} of {kind}")
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{physical}"


def allow_plain(bucket):
    s3 = client("s3")
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    policy["Statement"] = [statement for statement in policy["Statement"] if statement.get("Condition") != plain]
    if policy["Statement"]:
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    else:
        s3.delete_bucket_policy(Bucket=bucket)


def open_routes(api, body):
    gateway = client("apigatewayv2")
    authorizers = {}
    for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        jwt = authorizer["jwtConfiguration"]
        authorizers[name] = gateway.create_authorizer(
            ApiId=api,
            Name=name,
            AuthorizerType="JWT",
            IdentitySource=[authorizer["identitySource"]],
            JwtConfiguration={"Issuer": jwt["issuer"], "Audience": jwt["audience"]},
        )["AuthorizerId"]
    integrations = {
        name: integration(gateway, api, wanted)
        for name, wanted in body["components"]["x-amazon-apigateway-integrations"].items()
    }
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            route = {"ApiId": api, "RouteKey": f"{method.upper()} {path}"}
            target = integrations[operation["x-amazon-apigateway-integration"]["$ref"].rpartition("/")[2]]
            for requirement in operation.get("security", []):
                for name, scopes in requirement.items():
                    if name == "NONE":  # a route that asks for no token
                        continue
                    route |= {"AuthorizationType": "JWT", "AuthorizerId": authorizers[name], "AuthorizationScopes": scopes}
            gateway.create_route(Target=f"integrations/{target}", **route)


def integration(gateway, api, wanted):
    return gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationMethod=wanted["httpMethod"],
        IntegrationUri=wanted["uri"],
        PayloadFormatVersion=wanted["payloadFormatVersion"],
    )["IntegrationId"]


def set_time_to_live(table, wanted):
    client("dynamodb").update_time_to_live(
        TableName=table,
        TimeToLiveSpecification={"AttributeName": wanted["AttributeName"], "Enabled": wanted["Enabled"] in (True, "true")},
    )


def translate_grants(role, policy_name):
    iam = client("iam")
    document = iam.get_role_policy(RoleName=role, PolicyName=policy_name)["PolicyDocument"]
    translated = {**document, "Statement": [translate(statement) for statement in document["Statement"]]}
    if translated != document:
        iam.put_role_policy(RoleName=role, PolicyName=policy_name, PolicyDocument=json.dumps(translated))


def translate(statement):
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    if "sqs:SendMessage" in actions:
        return {**statement, "Action": [*actions, "sqs:SendMessageBatch"]}
    if any(action.startswith("ses:") for action in actions):
        return {"Effect": statement["Effect"], "Action": actions, "Resource": "*"}
    return statement
