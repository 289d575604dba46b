"""Puts `cargo lambda watch` behind the deployed functions, and takes it away again.

usage: proxy.py on <template.yaml> <stack.json> <watch url> <env file> | proxy.py off <stack.json>
Behind the proxy a function runs with the environment file written here, under the administrator's key: the permissions
of its role are not tried then.
"""

import os
import pathlib
import sys

import expand
from stack import client, read

VARIABLE = "MINISTACK_LAMBDA_PROXY_URL"


def on(template_path, stack_path, watch_url, env_path):
    physical, together = read(stack_path)["functions"], {}
    for name, function in expand.functions(expand.read(template_path)).items():
        binary = pathlib.PurePath(function["Properties"]["CodeUri"]).name
        address = f"{watch_url}/2015-03-31/functions/{binary}/invocations"
        together |= change(physical[name], lambda own, address=address: {**own, VARIABLE: address})
    together.pop(VARIABLE, None)
    passed_on = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "CSBA_TRAVEL_FILE"]
    together |= {name: os.environ[name] for name in passed_on}
    pathlib.Path(env_path).write_text("".join(f"{key}={value}\n" for key, value in together.items()), encoding="utf-8")


def off(stack_path):
    for physical in read(stack_path)["functions"].values():
        change(physical, lambda own: {key: value for key, value in own.items() if key != VARIABLE})


def change(physical, how):
    functions = client("lambda")
    own = functions.get_function_configuration(FunctionName=physical).get("Environment", {}).get("Variables", {})
    wanted = how(own)
    functions.update_function_configuration(FunctionName=physical, Environment={"Variables": wanted})
    return wanted


if __name__ == "__main__":
    {"on": on, "off": off}[sys.argv[1]](*sys.argv[2:])
