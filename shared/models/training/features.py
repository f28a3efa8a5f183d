"""Features of many views: slow, so kept in a cache folder between runs."""

import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import dataset
from backbone import features

SEED = 20240601
VIEWS = {"Perioral Dermatitis": 10, "Warts": 10}
DEFAULT_VIEWS = 5
# What validation chooses between. All are also shown in training.
PLAIN_VIEWS = ["whole", "mirrored", "square", "face"]


def plain_view(image, face, name):
    if name == "face" and face:
        return dataset.fit(image, dataset.face_box(image, face))
    if name == "square":
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        return dataset.fit(image, (left, top, left + side, top + side))
    view = dataset.fit(image)
    return view.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if name == "mirrored" else view


def views(row, face, augmented):
    image = Image.open(row.path).convert("RGB")
    shown = [plain_view(image, face, name) for name in PLAIN_VIEWS]
    if augmented:
        rng = random.Random(f"{SEED}:{row.path.name}")
        count = VIEWS.get(dataset.CLASSES[row.label], DEFAULT_VIEWS) - 2
        shown = shown[:1] + shown[3:] + [dataset.random_view(image, face, rng) for _ in range(count)]
    return np.stack([np.asarray(view, dtype=np.uint8) for view in shown])


def collect(rows, finder, backbone, augmented, cache=None):
    """Features (views, 1280), the row each view shows, and which rows have a face; read from `cache` if it is there."""
    if cache and cache.exists():
        kept = np.load(cache)
        return kept["features"], kept["owner"], kept["has_face"]
    collected, owner, has_face = [], [], []
    for index, row in enumerate(rows):
        face = finder.largest(Image.open(row.path).convert("RGB"))
        pixels = views(row, face, augmented)
        collected.append(features(backbone, torch.from_numpy(pixels)).numpy())
        owner += [index] * len(pixels)
        has_face.append(face is not None)
        if index % 200 == 0:
            print(f"  {index}/{len(rows)} pictures", flush=True)
    result = np.concatenate(collected), np.array(owner), np.array(has_face)
    if cache:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, features=result[0], owner=result[1], has_face=result[2])
    return result
