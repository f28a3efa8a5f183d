"""Prints the accuracy of `../weights/symptoms.json` on held-out patients: read them once, when nothing changes any more.

    python evaluate_symptoms.py DATA_FOLDER
"""

import json
import random
import sys

from fit_symptoms import WEIGHTS, rows, score


def load():
    raw = json.loads(WEIGHTS.read_text())
    conditions = {}
    for c in raw["conditions"]:
        conditions[c["name"]] = {k: [v / 100 for v in x] if isinstance(x, list) else x / 100 for k, x in c.items() if k != "name"}
    return {"conditions": conditions, "index": {k: i for i, k in enumerate(raw["features"])}}, raw["temperature"]


def main():
    model, temperature = load()
    patients = rows(sys.argv[1], "heldout")
    print(f"{len(patients)} patients\n| answers | top-1 | top-3 | top-5 | ECE |\n|---|---|---|---|---|")
    for limit in (None, 8, 5, 3):
        draws = [score(model, patients, limit, temperature, random.Random(seed)) for seed in range(10 if limit else 1)]
        mean = [sum(column) / len(draws) for column in zip(*draws)]
        print(f"| {limit or 'all'} | {mean[0]:.3f} | {mean[1]:.3f} | {mean[2]:.3f} | {mean[3]:.3f} |")


if __name__ == "__main__":
    main()
