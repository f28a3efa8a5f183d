"""Prints how the classifier does on a source of pictures it never learned from.

    python leave_one_source_out.py DATA_FOLDER --cache FOLDER

Uses training rows and the cached features of `linear_probe.py`; the penalty is the one that it chose.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import dataset
from measures import recalls
from linear_probe import FACE_VIEW, PENALTY, fit_head, view_weights


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--cache", type=Path, required=True)
    options = arguments.parse_args()
    torch.set_num_threads(2)
    train, _ = dataset.split_validation(list(dataset.rows(options.data, "train")))
    kept = np.load(options.cache / "train.npz")
    x, owner = torch.from_numpy(kept["features"]), torch.from_numpy(kept["owner"])
    labels = torch.tensor([row.label for row in train])
    face_view = torch.searchsorted(owner, torch.arange(len(train))) + FACE_VIEW

    print("| source left out | pictures | balanced accuracy | recalls |\n|---|---|---|---|")
    for source in sorted({row.source for row in train}):
        tested = torch.tensor([row.source == source and not row.synthetic for row in train])
        seen = torch.tensor([row.source != source for row in train])[owner]
        y = labels[owner[seen]]
        w, b = fit_head(x[seen], y, view_weights(y, torch.bincount(owner)[owner[seen]]), PENALTY)
        predicted, truth = (x[face_view[tested]] @ w.T + b).argmax(1), labels[tested]
        each = recalls(predicted, truth, len(dataset.CLASSES))
        named = [f"{dataset.CLASSES[c]} {r:.2f}" for c, r in enumerate(each) if r == r]
        print(f"| {source} | {len(truth)} | {np.nanmean(each):.3f} | {', '.join(named)} |", flush=True)


if __name__ == "__main__":
    main()
