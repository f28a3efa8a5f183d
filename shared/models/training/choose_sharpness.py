"""Prints how the measure of `src/picture/sharpness.rs` separates sharp faces from blurred ones.

    python choose_sharpness.py DATA_FOLDER

On training rows only. `MIN_SHARPNESS` in `shared/domain/src/photo_quality.rs` lies between the columns.
"""

import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

import dataset
from faces import FaceFinder

SIDE, BLUR = 256, 5


def sharpness(image):
    scale = min(1.0, SIDE / max(image.size))
    small = image.resize([max(1, round(side * scale)) for side in image.size], Image.BILINEAR)
    luma = np.asarray(small, dtype=np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    soft = luma
    for axis in (0, 1):
        padded = np.pad(soft, [(BLUR // 2,) * 2 if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        soft = sum(np.take(padded, range(i, i + luma.shape[axis]), axis) for i in range(BLUR)) / BLUR
    lost = []
    for axis in (0, 1):
        before, after = np.abs(np.diff(luma, axis=axis)), np.abs(np.diff(soft, axis=axis))
        lost.append(np.maximum(before - after, 0).sum() / max(before.sum(), 1e-6))
    return min(lost)


def main():
    data = Path(sys.argv[1])
    finder = FaceFinder(Path(__file__).parent.parent / "weights" / "blazeface_short.safetensors")
    rows = [r for r in dataset.rows(data, "train") if r.source in ("acne04", "rosaceafaces") and not r.synthetic]
    random.Random(1).shuffle(rows)
    measured = {}
    for row in rows[:150]:
        image = Image.open(row.path).convert("RGB")
        face = finder.largest(image)
        for radius in (0, 1, 2, 3, 4, 6):
            blurred = image.filter(ImageFilter.GaussianBlur(radius)) if radius else image
            if face:
                measured.setdefault(radius, []).append(sharpness(blurred.crop(dataset.face_box(image, face, 0.0))))
    print(f"{len(measured[0])} faces in pictures of 320 pixels; quantiles of sharpness in the face")
    print("| blur radius, pixels | 1 % | 5 % | 50 % | 95 % | 99 % |\n|---|---|---|---|---|---|")
    for radius, values in measured.items():
        print(f"| {radius} | " + " | ".join(f"{q:.3f}" for q in np.quantile(values, [0.01, 0.05, 0.5, 0.95, 0.99])) + " |")


if __name__ == "__main__":
    main()
