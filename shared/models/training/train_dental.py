"""Chooses the dental thresholds on validation pictures and writes the card beside the heads.

    python train_dental.py DATA_FOLDER [--cache FOLDER] [--compare]

The heads are learned together with the backbone by `train_skin.py`, which must have run. `--compare` prints
what logistic heads fitted afterwards would be worth, on these features and on ImageNet's.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import dental
import samples
import solver
from backbone import imagenet_tensors, load_tensors
from calibrate import fit_binary_temperatures, pooled
from measures import auroc
from train_skin import DENTAL, WEIGHTS

# A finding is named where, on validation pictures, naming it was right this often.
PRECISION = 0.8
LOWEST, HIGHEST = 0.3, 0.8
PENALTIES = [0.0003, 0.001, 0.003, 0.01, 0.03]


def probabilities(x, heads, temperatures):
    return torch.sigmoid((x @ heads["findings.weight"].T + heads["findings.bias"]) / torch.tensor(temperatures))


def thresholds(p, marks):
    chosen = []
    for column, truth in zip(p.T, marks.T):
        steps = np.arange(LOWEST, HIGHEST + 1e-9, 0.01)
        good = [t for t in steps if (column >= t).any() and truth[column >= t].mean() >= PRECISION]
        chosen.append(round(float(good[0] if good else HIGHEST), 2))
    return chosen


def logistic(x, marks, penalty):
    """Independent logistic heads on standardised features, every label's positives weighing half."""
    positive = marks.mean(0).clamp(min=1e-3)
    weight = marks / positive + (1 - marks) / (1 - positive)

    def loss_of(logits):
        return F.binary_cross_entropy_with_logits(logits, marks, weight)

    return solver.fit(x, marks.shape[1], loss_of, penalty, max_iter=100)


def mean_auroc(scores, marks):
    return float(np.mean([auroc(s, t > 0) for s, t in zip(scores.T, marks.T)]))


def compare(train, check, tensors, cache):
    """Prints the validation AUROC of heads fitted afterwards, whole pictures only."""
    marks, truth = (torch.tensor([s.teeth for s in part]) for part in (train, check))
    for name, backbone in (("shared", tensors), ("ImageNet", imagenet_tensors())):
        kept = cache / f"mouths_{name}.pt"
        if not kept.exists():
            torch.save((pooled(backbone, train), pooled(backbone, check)), kept)
        x, y = torch.load(kept)
        for penalty in PENALTIES:
            w, b = logistic(x, marks, penalty)
            print(f"{name} features, logistic heads, penalty {penalty}: mean AUROC {mean_auroc(y @ w.T + b, truth):.3f}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--cache", type=Path, default=Path("cache"))
    arguments.add_argument("--compare", action="store_true")
    options = arguments.parse_args()
    torch.set_num_threads(2)
    tensors, heads = load_tensors(WEIGHTS), load_tensors(DENTAL)
    train, check = map(samples.of_mouths, dental.split_validation(list(dental.rows(options.data, "train"))))
    x, marks = pooled(tensors, check), torch.tensor([s.teeth for s in check])
    values = x @ heads["findings.weight"].T + heads["findings.bias"]
    print(f"heads learned with the backbone: mean AUROC {mean_auroc(values, marks):.3f} on {len(check)} validation pictures")
    if options.compare:
        compare(train, check, tensors, options.cache)
        return
    temperatures = fit_binary_temperatures(values, marks)
    card = {
        "name": "dental-heads",
        "version": "1.0.0",
        "backbone": "skin-efficientnet-lite0 2.0.0",
        "labels": dental.LABELS,
        "temperatures": temperatures,
        "thresholds": thresholds(probabilities(x, heads, temperatures), marks),
        "never_told": ["Healthy"],
        "trained_on": len(train),
    }
    DENTAL.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n")
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
