"""Counts what SAM templates become in CloudFormation, offline, and fails near CloudFormation's limits.

A stack takes 500 resources and 1 MB of template, after the transform as before it; all stacks that are nested in one
take 2,500 resources in one deployment.
"""

import json
import logging
import os
import sys
from collections import Counter
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

MOST_RESOURCES = 480
MOST_BYTES = 1_000_000
MOST_RESOURCES_IN_ALL = 2_400
# Where SAM wants a place in S3: `sam deploy` puts one there after it has uploaded the folder.
LOCAL_PATHS = ("CodeUri", "ContentUri", "DefinitionUri")
ROW = "{:>9} {:>5}   {:>9} {:>9}   {}"


class NoManagedPolicies:
    """Stands for IAM's list of policy names, which SAM would fetch from an account."""

    def load(self):
        return {}


def main(paths):
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    # SAM complains that nobody fetches what it has measured of itself.
    logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)
    kinds = Counter()
    wrong = []
    print(ROW.format("resources", "left", "bytes", "left", f"of {MOST_RESOURCES} and {MOST_BYTES}"))
    for path in paths:
        text = Path(path).read_text(encoding="utf-8")
        resources, size = transformed(yaml_parse(text))
        size = max(size, len(text.encode()))
        print(ROW.format(len(resources), MOST_RESOURCES - len(resources), size, MOST_BYTES - size, path))
        kinds.update(resource["Type"] for resource in resources.values())
        if len(resources) > MOST_RESOURCES:
            wrong.append(f"{path} has too many resources for one stack: share roles, or make two areas of one")
        if size > MOST_BYTES:
            wrong.append(f"{path} is too large for CloudFormation")
    total = kinds.total()
    print(ROW.format(total, MOST_RESOURCES_IN_ALL - total, "", "", f"in all, of {MOST_RESOURCES_IN_ALL}"))
    if total > MOST_RESOURCES_IN_ALL:
        wrong.append("All stacks together have too many resources for one deployment")
    print(", ".join(f"{count} {kind.removeprefix('AWS::')}" for kind, count in kinds.most_common()))
    if wrong:
        sys.exit("\n".join(wrong))


def transformed(template):
    """The resources, and the bytes of the whole."""
    parts = [template.get("Globals", {}).get("Function", {})]
    parts += [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for part in parts:
        for name in LOCAL_PATHS:
            if isinstance(part.get(name), str):
                part[name] = "s3://bucket/key"
    result = transform(template, {}, NoManagedPolicies())
    return result["Resources"], len(json.dumps(result, separators=(",", ":")).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
