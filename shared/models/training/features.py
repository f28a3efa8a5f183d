"""Features of many views: slow, so kept in a cache folder between runs."""

import random
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from PIL import Image

import dataset
from backbone import SIZE, features

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


class Extractor:
    """The backbone through ONNX Runtime: the same numbers as PyTorch, in half the time."""

    def __init__(self, tensors, threads=1):
        class Network(torch.nn.Module):
            def forward(self, pixels):
                return features.__wrapped__(tensors, pixels)

        path = Path(tempfile.mkdtemp()) / "backbone.onnx"
        warnings.filterwarnings("ignore")
        torch.onnx.export(
            Network(),
            (torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8),),
            path,
            input_names=["pixels"],
            output_names=["features"],
            dynamic_axes={"pixels": {0: "n"}, "features": {0: "n"}},
            opset_version=17,
            dynamo=False,
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def __call__(self, pixels):
        # One at a time: the activations of a larger batch fall out of the cache.
        return np.concatenate([self.session.run(None, {"pixels": one[None]})[0] for one in pixels])


def collect(rows, finder, extract, augmented, cache=None):
    """Features (views, 1280), the row each view shows, and which rows have a face; read from `cache` if it is there."""
    if cache and cache.exists():
        kept = np.load(cache)
        return kept["features"], kept["owner"], kept["has_face"]
    collected, owner, has_face = [], [], []
    for index, row in enumerate(rows):
        face = finder.largest(Image.open(row.path).convert("RGB"))
        pixels = views(row, face, augmented)
        collected.append(extract(pixels))
        owner += [index] * len(pixels)
        has_face.append(face is not None)
        if index % 200 == 0:
            print(f"  {index}/{len(rows)} pictures", flush=True)
    result = np.concatenate(collected), np.array(owner), np.array(has_face)
    if cache:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, features=result[0], owner=result[1], has_face=result[2])
    return result
