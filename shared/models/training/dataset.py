"""Which pictures the classifier learns from, how they are split, and the views it is shown of them."""

import csv
import hashlib
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from architecture import SIZE

CLASSES = ["Acne", "Melanoma", "Normal", "Perioral Dermatitis", "Rosacea", "Warts"]
# Real warts are nearly absent: molluscum, the other viral papule, stands in for them.
STAND_INS = {"Molluscum": "Warts"}
VALIDATION_SHARE = 0.15
FACE_MARGIN = 0.5
# A condition is answered only if it has this many pictures to learn from and to be measured on.
MIN_TRAIN, MIN_HELDOUT = 40, 5


@dataclass(frozen=True)
class Row:
    path: Path
    disease: str
    source: str
    cluster: str
    synthetic: bool

    @property
    def label(self):
        """Which of the six classes, or -1 for another disease."""
        name = STAND_INS.get(self.disease, self.disease)
        return CLASSES.index(name) if name in CLASSES else -1


def all_rows(folder, split):
    """Every disease's rows of one split ("train" or "heldout") of the manifest."""
    with open(Path(folder) / "skin" / "manifest.csv", newline="") as manifest:
        for entry in csv.DictReader(manifest):
            if entry["split"] == split:
                path = Path(folder) / "skin" / entry["file"]
                yield Row(path, entry["class"], entry["source"], entry["cluster"], "synthetic" in entry["domain"])


def rows(folder, split):
    """The six classes' rows of one split."""
    return (row for row in all_rows(folder, split) if row.label >= 0)


def conditions(folder):
    """The diseases with enough pictures to learn and to measure, in the order of the `conditions` head."""
    counts = {split: Counter(row.disease for row in all_rows(folder, split)) for split in ("train", "heldout")}
    enough = counts["train"].keys() & counts["heldout"].keys()
    return sorted(d for d in enough if counts["train"][d] >= MIN_TRAIN and counts["heldout"][d] >= MIN_HELDOUT)


def split_validation(train):
    """About 15 % of every disease and source goes to validation, cluster by cluster; synthetic faces never."""
    groups = {}
    for row in train:
        groups.setdefault(row.cluster, []).append(row)
    strata = {}
    for cluster, members in groups.items():
        strata.setdefault((members[0].disease, members[0].source), []).append(cluster)
    kept = set()
    for _, clusters in sorted(strata.items()):
        clusters = [c for c in clusters if not any(row.synthetic for row in groups[c])]
        clusters.sort(key=lambda c: hashlib.sha256(f"polyclinic:{c}".encode()).digest())
        wanted = VALIDATION_SHARE * sum(len(groups[c]) for c in clusters)
        taken = 0
        for cluster in clusters:
            if taken + len(groups[cluster]) / 2 > wanted:
                continue
            kept.add(cluster)
            taken += len(groups[cluster])
    return [r for r in train if r.cluster not in kept], [r for r in train if r.cluster in kept]


def fit(image, box=None, size=SIZE):
    """A box (left, top, right, bottom in pixels) of the picture as a square; proportions are not kept."""
    return image.resize((size, size), Image.BILINEAR, box=box)


def face_box(image, face, margin=FACE_MARGIN):
    """Whole pixels around a detected face, widened on every side by `margin` of its longer side."""
    width, height = image.size
    left, top, wide, high = face[0] * width, face[1] * height, face[2] * width, face[3] * height
    half = max(wide, high) * (0.5 + margin)
    x, y = left + wide / 2, top + high / 2
    return (
        max(0, math.floor(x - half)),
        max(0, math.floor(y - half)),
        min(width, math.ceil(x + half)),
        min(height, math.ceil(y + half)),
    )


def random_view(image, face, rng, size=SIZE):
    """One augmented view: a crop (around the face now and then), mirrored, re-lit, marks erased or pasted."""
    width, height = image.size
    if face and rng.random() < 0.4:
        box = face_box(image, face, rng.uniform(0.1, 0.7))
    else:
        area, aspect = rng.uniform(0.3, 1.0) * width * height, math.exp(rng.uniform(-0.35, 0.35))
        wide, high = min(width, math.sqrt(area * aspect)), min(height, math.sqrt(area / aspect))
        left, top = rng.uniform(0, width - wide), rng.uniform(0, height - high)
        box = (left, top, left + wide, top + high)
    if rng.random() < 0.5:
        image = mark(image, rng)
    view = fit(image, box, size)
    if rng.random() < 0.5:
        view = view.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    view = ImageEnhance.Brightness(view).enhance(rng.uniform(0.75, 1.25))
    view = ImageEnhance.Contrast(view).enhance(rng.uniform(0.8, 1.2))
    view = ImageEnhance.Color(view).enhance(rng.uniform(0.8, 1.2))
    if rng.random() < 0.15:
        view = view.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
    return view


def mark(image, rng):
    """Watermarks give the source away, and with it the class: erase where they stand, or paste one anywhere."""
    image = image.copy()
    width, height = image.size
    draw = ImageDraw.Draw(image)
    spots = {"text": (0.25, 0.42, 0.75, 0.58), "logo": (0.62, 0.82, 1.0, 1.0)}
    left, top, right, bottom = spots[rng.choice(sorted(spots))]
    box = (int(left * width), int(top * height), int(right * width), int(bottom * height))
    if rng.random() < 0.5:
        image.paste(image.crop(box).filter(ImageFilter.GaussianBlur(12)), box)
    else:
        shade = rng.randint(150, 255)
        text = "".join(rng.choice("abcdefghijklmnopqrst.") for _ in range(rng.randint(6, 14)))
        draw.text(box[:2], text, fill=(shade, shade, shade), font_size=max(10, height // 14))
    return image
