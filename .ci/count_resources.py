"""Counts what a SAM template becomes in CloudFormation, offline, and fails near CloudFormation's limits.

CloudFormation takes 500 resources and 1 MB of template, after the transform as before it.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

MOST_RESOURCES = 480
MOST_BYTES = 1_000_000
# Where SAM wants a place in S3: `sam deploy` puts one there after it has uploaded the folder.
LOCAL_PATHS = ("CodeUri", "ContentUri", "DefinitionUri")


class NoManagedPolicies:
    """Stands for IAM's list of policy names, which SAM would fetch from an account."""

    def load(self):
        return {}


def main(path):
    text = Path(path).read_text(encoding="utf-8")
    resources, size = transformed(yaml_parse(text))
    for kind, count in Counter(resource["Type"] for resource in resources.values()).most_common():
        print(f"{count:5}  {kind}")
    print(f"{len(resources):5}  resources of {MOST_RESOURCES}")
    print(f"{len(text.encode())} bytes of template, {size} after the transform, of {MOST_BYTES}")
    if len(resources) > MOST_RESOURCES:
        sys.exit(f"{path} has too many resources for one stack: share roles, log groups or integrations")
    if max(len(text.encode()), size) > MOST_BYTES:
        sys.exit(f"{path} is too large for CloudFormation")


def transformed(template):
    parts = [template.get("Globals", {}).get("Function", {})]
    parts += [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for part in parts:
        for name in LOCAL_PATHS:
            if isinstance(part.get(name), str):
                part[name] = "s3://bucket/key"
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    result = transform(template, {}, NoManagedPolicies())
    return result["Resources"], len(json.dumps(result, separators=(",", ":")).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
