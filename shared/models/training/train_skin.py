"""Fits the head of the skin classifier and writes the weights that the product ships.

    python train_skin.py DATA_FOLDER [--cache FOLDER]

Learns from the `train` rows only; what is chosen and calibrated, is on about 15 % of them, split off by
cluster. `heldout` rows are never read here: `evaluate_skin.py` does that, once, at the end.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

import dataset
from backbone import imagenet_tensors
from faces import FaceFinder
from features import PLAIN_VIEWS, SEED, Extractor, collect
from measures import balanced_accuracy, expected_calibration_error

WEIGHTS = Path(__file__).parent.parent / "weights" / "skin_efficientnet_lite0.safetensors"
PENALTIES = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0]


def fit_head(x, y, weight, penalty):
    """Multinomial logistic regression with an L2 penalty on standardised features, by L-BFGS."""
    mean, scale = x.mean(0), x.std(0) + 1e-3
    z = (x - mean) / scale
    w = torch.zeros(len(dataset.CLASSES), x.shape[1], requires_grad=True)
    b = torch.zeros(len(dataset.CLASSES), requires_grad=True)
    solver = torch.optim.LBFGS([w, b], max_iter=150, history_size=10, line_search_fn="strong_wolfe")

    def loss():
        solver.zero_grad()
        value = (F.cross_entropy(z @ w.T + b, y, reduction="none") * weight).mean() + penalty * 0.01 * (w * w).sum()
        value.backward()
        return value

    solver.step(loss)
    with torch.no_grad():
        return w / scale, b - (w / scale) @ mean


def view_weights(labels, views_of_row):
    """Every class counts the same, every picture the same within its class, however many views it has."""
    per_class = torch.bincount(labels, weights=1.0 / views_of_row, minlength=len(dataset.CLASSES))
    weight = 1.0 / (views_of_row * per_class[labels])
    return (weight / weight.mean()).float()


def fit_temperature(logits, labels):
    """The factor that makes probabilities honest, by cross-entropy; a golden grid is plenty for one number."""
    grid = torch.logspace(-1, 1, 400)
    losses = torch.stack([F.cross_entropy(logits / t, labels) for t in grid])
    return grid[losses.argmin()].item()


def validation_views(features, owner, has_face):
    """Validation features by view: (rows, views, 1280)."""
    per_row = features.reshape(len(has_face), len(PLAIN_VIEWS), -1)
    return {name: torch.from_numpy(per_row[:, i]) for i, name in enumerate(PLAIN_VIEWS)}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--cache", type=Path, help="keeps features between runs; delete it when views change")
    options = arguments.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)

    backbone = {name: tensor.half().float() for name, tensor in imagenet_tensors().items()}
    finder = FaceFinder(WEIGHTS.parent / "blazeface_short.safetensors")
    extract = Extractor(backbone)
    train, validation = dataset.split_validation(list(dataset.rows(options.data, "train")))
    cached = (lambda name: options.cache / f"{name}.npz") if options.cache else (lambda name: None)
    check, check_owner, check_face = collect(validation, finder, extract, False, cached("validation"))
    x, owner, _ = collect(train, finder, extract, True, cached("train"))

    x, owner = torch.from_numpy(x), torch.from_numpy(owner)
    labels = torch.tensor([row.label for row in train])
    y, weight = labels[owner], view_weights(labels[owner], torch.bincount(owner)[owner])
    shown = validation_views(check, check_owner, check_face)
    truth = torch.tensor([row.label for row in validation])

    best = None
    for penalty in PENALTIES:
        w, b = fit_head(x, y, weight, penalty)
        scores = {name: balanced_accuracy((f @ w.T + b).argmax(1), truth) for name, f in shown.items()}
        print(f"penalty {penalty:<6}", "  ".join(f"{name} {score:.3f}" for name, score in scores.items()), flush=True)
        # The product shows the face where there is one, the whole picture otherwise.
        if best is None or scores["face"] > best[0]:
            best = scores["face"], penalty, w, b
    score, penalty, w, b = best
    logits = shown["face"] @ w.T + b
    temperature = fit_temperature(logits, truth)
    error = expected_calibration_error(F.softmax(logits / temperature, 1), truth)
    print(f"chosen: penalty {penalty}, temperature {temperature:.3f}")
    print(f"validation: balanced accuracy {score:.3f}, calibration error {error:.3f}, {int(check_face.sum())} faces")

    tensors = {**backbone, "classifier.weight": w, "classifier.bias": b, "temperature": torch.tensor([temperature])}
    save_file({name: tensor.half().contiguous() for name, tensor in tensors.items()}, WEIGHTS)
    digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    WEIGHTS.with_suffix(".sha256").write_text(f"{digest}  {WEIGHTS.name}\n")


if __name__ == "__main__":
    main()
