"""Fits the symptom engine and writes `../weights/symptoms.json`: one command, no packages.

    python fit_symptoms.py DATA_FOLDER

On training rows only: naive Bayes over present answers (unasked is unknown), smoothing and temperature chosen by
five-fold cross-validation.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

from symptom_features import age_band, features, question

WEIGHTS = Path(__file__).parent.parent / "weights" / "symptoms.json"
BANDS = 9


def rows(data, split):
    with open(Path(data) / "symptoms" / "ddxplus_patients.jsonl") as lines:
        return [row for row in map(json.loads, lines) if row["split"] == split]


def allowed(data):
    base = json.loads((Path(data) / "symptoms" / "ddxplus_conditions.json").read_text())
    return {name: set(entry["symptoms"]) | set(entry["antecedents"]) for name, entry in base.items()}


def fit(patients, may, smoothing):
    count, seen = Counter(), defaultdict(Counter)
    ages, sexes = defaultdict(Counter), defaultdict(Counter)
    origin = defaultdict(set)
    for patient in patients:
        name = patient["pathology"]
        count[name] += 1
        ages[name][age_band(patient["age"])] += 1
        sexes[name][patient["sex"]] += 1
        said = set()
        for answer in patient["evidences"]:
            for feature in features(answer):
                said.add(feature)
                origin[feature].add(question(answer))
        seen[name].update(said)
    names, keys = sorted(may), sorted(origin)
    total = sum(count.values())
    base = {key: sum(seen[name][key] for name in names) / total for key in keys}
    model = {"features": keys, "conditions": {}}
    for name in names:
        n = count[name]
        # What the base does not list for a condition is rare there; what it lists is as common as anywhere.
        prior = [base[key] if origin[key] & may[name] else 0.003 for key in keys]
        present = [(seen[name][key] + smoothing * p) / (n + smoothing) for key, p in zip(keys, prior)]
        model["conditions"][name] = {
            "prior": math.log((n + 5) / (total + 5 * len(names))),
            "present": [math.log(max(p, 1e-4)) for p in present],
            "age": [math.log((ages[name][band] + 1) / (n + BANDS)) for band in range(BANDS)],
            "female": math.log((sexes[name]["F"] + 2) / (n + 4)),
            "male": math.log((sexes[name]["M"] + 2) / (n + 4)),
        }
    model["index"] = {key: at for at, key in enumerate(keys)}
    return model


def posterior(model, said, age, sex, temperature=1.0):
    at = [model["index"][key] for key in said if key in model["index"]]
    scores = {
        name: (c["prior"] + c["age"][age_band(age)] + c["female" if sex == "F" else "male"] + sum(c["present"][i] for i in at))
        / temperature
        for name, c in model["conditions"].items()
    }
    top = max(scores.values())
    weights = {name: math.exp(score - top) for name, score in scores.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def asked(patient, limit, rng):
    """The answers to `limit` questions drawn from those that say something, all without a limit."""
    questions = sorted({question(a) for a in patient["evidences"] if features(a)})
    if limit and len(questions) > limit:
        questions = rng.sample(questions, limit)
    chosen = set(questions)
    return set().union(*(features(a) for a in patient["evidences"] if question(a) in chosen))


def score(model, patients, limit, temperature, rng):
    hits, loss, bins = Counter(), 0.0, defaultdict(list)
    for patient in patients:
        ranked = posterior(model, asked(patient, limit, rng), patient["age"], patient["sex"], temperature)
        order = sorted(ranked, key=ranked.get, reverse=True)
        for k in (1, 3, 5):
            hits[k] += patient["pathology"] in order[:k]
        loss -= math.log(max(ranked[patient["pathology"]], 1e-12))
        sure = ranked[order[0]]
        bins[min(int(sure * 10), 9)].append((sure, order[0] == patient["pathology"]))
    n = len(patients)
    ece = sum(abs(sum(s for s, _ in b) - sum(r for _, r in b)) for b in bins.values()) / n
    return [hits[k] / n for k in (1, 3, 5)] + [ece, loss / n]


def main():
    data = sys.argv[1]
    patients, may = rows(data, "train"), allowed(data)
    random.Random(1).shuffle(patients)
    folds = [patients[i::5] for i in range(5)]
    best = None
    for smoothing in (1, 3, 10):
        models = [fit([p for j, f in enumerate(folds) if j != i for p in f], may, smoothing) for i in range(5)]
        for temperature in (0.9, 1.0, 1.15, 1.3, 1.5):
            rng = random.Random(2)
            results = [score(m, f, k, temperature, rng) for m, f in zip(models, folds) for k in (3, 5, 8)]
            mean = [sum(column) / len(results) for column in zip(*results)]
            print(f"smoothing {smoothing:>2} temperature {temperature}: top-1 {mean[0]:.3f} top-3 {mean[1]:.3f} ECE {mean[3]:.3f} loss {mean[4]:.3f}")
            if best is None or mean[4] < best[0]:
                best = (mean[4], smoothing, temperature)
    _, smoothing, temperature = best
    model = fit(patients, may, smoothing)
    hundredths = lambda values: [round(100 * v) for v in values]
    out = {
        "source": "Fitted by fit_symptoms.py on DDXPlus (Fansi Tchango et al. 2022, CC BY 4.0)",
        "temperature": temperature,
        "features": model["features"],
        "conditions": [
            {"name": name, "prior": round(100 * c["prior"]), "female": round(100 * c["female"]), "male": round(100 * c["male"]),
             "age": hundredths(c["age"]), "present": hundredths(c["present"])}
            for name, c in sorted(model["conditions"].items())
        ],
    }
    WEIGHTS.write_text(json.dumps(out, separators=(",", ":"), ensure_ascii=False).replace('{"name"', '\n{"name"') + "\n")
    print(f"chosen: smoothing {smoothing}, temperature {temperature}; {len(model['features'])} features, {WEIGHTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
