"""The baseline that fine-tuning has to beat: a linear head on the frozen ImageNet backbone.

    python linear_probe.py DATA_FOLDER [--cache FOLDER] [--choose]

Prints what it is worth on validation pictures with a quarter, half and all of the training pictures. Writes no
weights, and reads no `heldout` row.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import dataset
import solver
from backbone import imagenet_tensors
from faces import FaceFinder
from features import PLAIN_VIEWS, SEED, collect
from measures import balanced_accuracy

# The best of PENALTIES by `--choose`.
PENALTY = 0.01
PENALTIES = [0.0003, 0.001, 0.003, 0.01, 0.03]
FOLDS = 4
SHARES = [25, 50, 100]
# Where the view that the product shows stands among a training picture's views, see `features.views`.
FACE_VIEW = 1


def fit_head(x, y, weight, penalty):
    """Multinomial logistic regression with an L2 penalty on standardised features."""

    def loss_of(logits):
        return (F.cross_entropy(logits, y, reduction="none") * weight).mean()

    return solver.fit(x, len(dataset.CLASSES), loss_of, penalty, max_iter=150, history_size=10)


def view_weights(labels, views_of_row):
    """Every class counts the same, every picture the same within its class, however many views it has."""
    per_class = torch.bincount(labels, weights=1.0 / views_of_row, minlength=len(dataset.CLASSES))
    weight = 1.0 / (views_of_row * per_class[labels])
    return (weight / weight.mean()).float()


def validation_views(features, has_face):
    """Validation features by view: (rows, views, 1280)."""
    per_row = features.reshape(len(has_face), len(PLAIN_VIEWS), -1)
    return {name: torch.from_numpy(per_row[:, i]) for i, name in enumerate(PLAIN_VIEWS)}


def cross_validate(train, x, owner):
    """Prints what each penalty is worth on clusters that were left out."""
    fold = torch.tensor([int(hashlib.sha256(f"cv{row.cluster}".encode()).hexdigest(), 16) % FOLDS for row in train])
    real = torch.tensor([not row.synthetic for row in train])
    labels = torch.tensor([row.label for row in train])
    face_view = torch.searchsorted(owner, torch.arange(len(train))) + FACE_VIEW
    for penalty in PENALTIES:
        predicted = torch.zeros(len(train), dtype=torch.long)
        for left_out in range(FOLDS):
            seen, tested = (fold != left_out)[owner], fold == left_out
            y = labels[owner[seen]]
            w, b = fit_head(x[seen], y, view_weights(y, torch.bincount(owner)[owner[seen]]), penalty)
            predicted[tested] = (x[face_view[tested]] @ w.T + b).argmax(1)
        print(f"penalty {penalty:<6} balanced accuracy {balanced_accuracy(predicted[real], labels[real]):.3f}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--cache", type=Path, help="keeps features between runs; delete it when views change")
    arguments.add_argument("--choose", action="store_true", help="only prints what each penalty is worth")
    options = arguments.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)

    backbone = {name: tensor.half().float() for name, tensor in imagenet_tensors().items()}
    finder = FaceFinder(Path(__file__).parent.parent / "weights" / "blazeface_short.safetensors")
    train, validation = dataset.split_validation(list(dataset.rows(options.data, "train")))
    cached = (lambda name: options.cache / f"{name}.npz") if options.cache else (lambda name: None)
    check, _, check_face = collect(validation, finder, backbone, False, cached("validation"))
    x, owner, _ = collect(train, finder, backbone, True, cached("train"))

    x, owner = torch.from_numpy(x), torch.from_numpy(owner)
    labels = torch.tensor([row.label for row in train])
    if options.choose:
        cross_validate(train, x, owner)
        return
    truth, shown = torch.tensor([row.label for row in validation]), validation_views(check, check_face)["face"]
    for share in SHARES:
        kept = torch.tensor([int(hashlib.sha256(f"share{row.cluster}".encode()).hexdigest(), 16) % 100 < share for row in train])
        seen = kept[owner]
        y = labels[owner[seen]]
        w, b = fit_head(x[seen], y, view_weights(y, torch.bincount(owner)[owner[seen]]), PENALTY)
        right = balanced_accuracy((shown @ w.T + b).argmax(1), truth)
        print(f"{share} % of the clusters, {int(kept.sum())} pictures: validation balanced accuracy {right:.3f}", flush=True)


if __name__ == "__main__":
    main()
