"""Measures the shipped skin classifier on the held-out pictures: what its model card says.

    python evaluate_skin.py DATA_FOLDER [--fixture FACE_PICTURES]

Reads the shipped safetensors, not what training had in memory. For the last measurement only: nothing may
be chosen by these figures.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import dataset
from backbone import features, load_tensors
from faces import FaceFinder
from features import SEED, Extractor, plain_view
from measures import auroc, balanced_accuracy, bootstrap, expected_calibration_error, print_certainty, recalls
from train_skin import WEIGHTS


def product_view(image, face):
    """What the product shows the network: the face with a margin, or the whole picture."""
    return np.asarray(plain_view(image, face, "face"), dtype=np.uint8)


def probabilities(tensors, pooled):
    logits = pooled @ tensors["classifier.weight"].T + tensors["classifier.bias"]
    return F.softmax(logits / tensors["temperature"], 1)


def report(p, truth, rows):
    predicted, classes = p.argmax(1), len(dataset.CLASSES)
    groups = [row.cluster for row in rows]
    low, high = bootstrap(lambda i: balanced_accuracy(predicted[i], truth[i]), groups, SEED)
    aurocs = [auroc(p[:, c], truth == c) for c in range(classes)]
    print(f"pictures {len(rows)}, clusters {len(set(groups))}")
    print(f"balanced accuracy {balanced_accuracy(predicted, truth):.3f} (95 % {low:.3f} to {high:.3f})")
    print(f"accuracy {(predicted == truth).float().mean():.3f}, mean AUROC {np.mean(aurocs):.3f}")
    print(f"calibration error {expected_calibration_error(p, truth):.3f}")
    print("\n| class | n | recall | precision | AUROC |\n|---|---|---|---|---|")
    for c, (name, recall) in enumerate(zip(dataset.CLASSES, recalls(predicted, truth, classes))):
        precision = (truth[predicted == c] == c).float().mean()
        print(f"| {name} | {int((truth == c).sum())} | {recall:.3f} | {precision:.3f} | {aurocs[c]:.3f} |")
    print_certainty(p, truth)


def write_fixture(folder, tensors, finder):
    """What the network says of the committed face pictures, for the Rust tests to agree with."""
    answers = []
    for path in sorted(folder.glob("*.jpg")):
        image = Image.open(path).convert("RGB")
        face = finder.largest(image)
        pixels = torch.from_numpy(product_view(image, face).copy())[None]
        pooled = features(tensors, pixels)
        answers.append({
            "picture": path.name,
            "face": face,
            "features": pooled[0, :8].tolist(),
            "probabilities": probabilities(tensors, pooled)[0].tolist(),
        })
    pattern = (torch.arange(224 * 224 * 3) * 7919 % 256).to(torch.uint8).reshape(1, 224, 224, 3)
    synthetic = probabilities(tensors, features(tensors, pattern))[0].tolist()
    text = json.dumps({"pattern": synthetic, "pictures": answers}, indent=1)
    (folder / "skin_reference.json").write_text(text + "\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--fixture", type=Path, help="only writes skin_reference.json for the pictures there")
    options = arguments.parse_args()
    torch.set_num_threads(2)
    tensors = load_tensors(WEIGHTS)
    finder = FaceFinder(WEIGHTS.parent / "blazeface_short.safetensors")
    if options.fixture:
        write_fixture(options.fixture, tensors, finder)
        return
    rows = list(dataset.rows(options.data, "heldout"))
    extract = Extractor(tensors)
    pooled = []
    for row in rows:
        image = Image.open(row.path).convert("RGB")
        pooled.append(extract(product_view(image, finder.largest(image))[None]))
    p = probabilities(tensors, torch.from_numpy(np.concatenate(pooled)))
    report(p, torch.tensor([row.label for row in rows]), rows)


if __name__ == "__main__":
    main()
