"""The running stack as the other scripts see it: what stack.json says, and clients for it.

It starts and changes nothing.
"""

import json
import os

import boto3
from botocore.config import Config


def client(service):
    """A client of the emulator; its address and credentials are in the environment."""
    once = Config(retries={"total_max_attempts": 1}, read_timeout=60, connect_timeout=2)
    return boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=once)


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
