"""Which pictures of mouths there are, their labels and boxes."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

LABELS = ["Calculus", "Caries", "Gingivitis", "Healthy", "Mouth_Ulcer", "Tooth_Discoloration"]
VALIDATION_SHARE = 0.15


@dataclass(frozen=True)
class Mouth:
    path: Path
    labels: tuple
    group: str
    # (label, centre x, centre y, width, height), as fractions of the picture.
    boxes: tuple


def rows(folder, split):
    """Rows of one split ("train", "heldout" or "external"), pictures in any folder's `dental/manifest.csv`."""
    with open(Path(folder) / "dental" / "manifest.csv", newline="") as manifest:
        for entry in csv.DictReader(manifest):
            if entry["split"] == split:
                boxes = [box.split() for box in entry["boxes_cls_cx_cy_w_h"].split(";") if box]
                boxes = tuple((name, *map(float, numbers)) for name, *numbers in boxes)
                path = Path(folder) / "dental" / entry["file"]
                yield Mouth(path, tuple(entry["class"].split("|")), entry["group"], boxes)


def truth(row):
    return [float(label in row.labels) for label in LABELS]


def split_validation(train):
    """About 15 % of every combination of labels, group by group."""
    strata = {}
    for row in train:
        strata.setdefault(row.labels, {}).setdefault(row.group, []).append(row)
    kept = set()
    for _, groups in sorted(strata.items()):
        order = sorted(groups, key=lambda g: hashlib.sha256(f"polyclinic:{g}".encode()).digest())
        kept |= set(order[: round(VALIDATION_SHARE * len(order))])
    return [r for r in train if r.group not in kept], [r for r in train if r.group in kept]
