"""Measures the shipped dental heads on held-out pictures and on another source: what their model card says.

    python evaluate_dental.py DATA_FOLDER

For the last measurement only. Also says how often the hottest cell of a class activation map lies in a box
that an expert drew, and how well a box drawn around the hot cells covers it.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import dental
import samples
from backbone import front, last_map, load_tensors, normalised
from finetune import SEED
from measures import auroc, balanced_accuracy, bootstrap
from train_dental import mean_auroc, probabilities
from train_skin import DENTAL, WEIGHTS

# A cell is hot from this share of the way between the map's coolest and its hottest cell.
HOT = 0.5


@torch.inference_mode()
def maps(tensors, rows):
    """The head's maps (n, 1280, 7, 7) of the whole pictures."""
    shown = [np.asarray(samples.plain(s)) for s in samples.of_mouths(rows)]
    parts = (normalised(torch.from_numpy(np.stack(shown[i : i + 16]))) for i in range(0, len(shown), 16))
    return torch.cat([last_map(tensors, front(tensors, x, 1), 1) for x in parts])


def hot_box(heat):
    """(left, top, right, bottom) around the cells connected to the hottest one, as fractions."""
    hot = heat >= heat.min() + HOT * (heat.max() - heat.min())
    inside = torch.zeros_like(hot)
    inside.view(-1)[heat.argmax()] = True
    for _ in range(heat.numel()):
        grown = F.max_pool2d(inside[None].float(), 3, 1, 1)[0].bool() & hot
        if (grown == inside).all():
            break
        inside = grown
    y, x = inside.nonzero(as_tuple=True)
    side = heat.shape[0]
    return x.min() / side, y.min() / side, (x.max() + 1) / side, (y.max() + 1) / side


def overlap(a, b):
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(wide, 0) * max(high, 0)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def touched(boxes, side):
    """1 for the cells of the map that a box touches."""
    start = torch.arange(side) / side
    cells = torch.zeros(side, side)
    for left, top, right, bottom in boxes:
        across, down = [(start + 1 / side > low) & (start < high) for low, high in ((left, right), (top, bottom))]
        cells[down[:, None] & across] = 1
    return cells


def localisation(rows, found, heads):
    print("\n| label | pictures with boxes | hottest cell touches a box | a random cell | hot box overlaps (IoU ≥ 0.3) |")
    print("|---|---|---|---|---|")
    for index, label in enumerate(dental.LABELS):
        hits, chances, overlaps = [], [], []
        for row, features in zip(rows, found):
            boxes = [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for name, x, y, w, h in row.boxes if name == label]
            if not boxes:
                continue
            heat = torch.einsum("c,chw->hw", heads["findings.weight"][index], features)
            cells = touched(boxes, heat.shape[0])
            hits.append(cells.view(-1)[heat.argmax()].item())
            chances.append(cells.mean().item())
            overlaps.append(max(float(overlap(hot_box(heat), box)) for box in boxes) >= 0.3)
        if hits:
            print(f"| {label} | {len(hits)} | {np.mean(hits):.3f} | {np.mean(chances):.3f} | {np.mean(overlaps):.3f} |")


def report(rows, p, thresholds):
    marks = torch.tensor([dental.truth(row) for row in rows])
    aurocs = [auroc(column, truth > 0) for column, truth in zip(p.T, marks.T)]
    alone = marks.sum(1) == 1
    groups = [row.group for row, one in zip(rows, alone) if one]
    first, truth = p[alone].argmax(1), marks[alone].argmax(1)
    low, high = bootstrap(lambda i: balanced_accuracy(first[i], truth[i]), groups, SEED)
    right = balanced_accuracy(first, truth)
    print(f"{len(rows)} pictures; one label of six: balanced accuracy {right:.3f} (95 % {low:.3f} to {high:.3f})")
    low, high = bootstrap(lambda i: mean_auroc(p[i], marks[i]), [r.group for r in rows], SEED, 500)
    print(f"macro AUROC {np.mean(aurocs):.3f} (95 % {low:.3f} to {high:.3f})")
    print("\n| label | positives | AUROC | threshold | sensitivity | specificity | precision |")
    print("|---|---|---|---|---|---|---|")
    for c, label in enumerate(dental.LABELS):
        said, true = p[:, c] >= thresholds[c], marks[:, c] > 0
        rates = [said[true].float().mean(), (~said)[~true].float().mean(), true[said].float().mean()]
        told = " | ".join(f"{r:.3f}" for r in rates)
        print(f"| {label} | {int(true.sum())} | {aurocs[c]:.3f} | {thresholds[c]} | {told} |")


def main():
    data = Path(sys.argv[1])
    torch.set_num_threads(2)
    tensors, heads = load_tensors(WEIGHTS), load_tensors(DENTAL)
    card = json.loads(DENTAL.with_suffix(".json").read_text())
    skin = json.loads(WEIGHTS.with_suffix(".json").read_text())
    for split in ("heldout", "external"):
        rows = list(dental.rows(data, split))
        found = maps(tensors, rows)
        x = found.mean((2, 3))
        p = probabilities(x, heads, card["temperatures"])
        seen = F.softmax(x @ tensors["subject.weight"].T + tensors["subject.bias"], 1)[:, 1] >= skin["teeth_threshold"]
        print(f"\n## {split}\n\nteeth seen in {seen.float().mean():.3f} of {len(rows)} pictures")
        if split == "heldout":
            report(rows, p, card["thresholds"])
            localisation(rows, found, heads)
        else:
            c = dental.LABELS.index("Gingivitis")
            truth = torch.tensor(["Gingivitis" in row.labels for row in rows])
            print(f"Gingivitis against healthy gums: AUROC {auroc(p[:, c], truth):.3f} on {len(rows)} pictures")


if __name__ == "__main__":
    main()
