"""Fine-tunes the backbone with every head and writes the weights and the card that the product reads.

    python train_skin.py DATA_FOLDER --nonmedical FOLDER [--cache FOLDER]

Learns from the `train` rows only; about 15 % of them, split off by cluster, choose temperatures and thresholds.
`heldout` rows are never read here: `evaluate_skin.py` does that, once, at the end. Stopped at any point, it
goes on from its last epoch when it is given the same cache.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

import finetune
import samples
from backbone import front, imagenet_tensors, normalised
from calibrate import calibrate
from measures import auroc, balanced_accuracy

FOLDER = Path(__file__).parent.parent / "weights"
WEIGHTS = FOLDER / "skin_efficientnet_lite0.safetensors"
DENTAL = FOLDER / "dental_heads.safetensors"


class Progress:
    """How the network does on validation samples, from what the frozen blocks made of them once."""

    def __init__(self, check, targets, fixed):
        self.targets, self.maps = targets, []
        for start in range(0, len(check), finetune.BATCH):
            part = check[start : start + finetune.BATCH]
            pixels = np.stack([np.asarray(samples.plain(s)) for s in part])
            with torch.no_grad():
                self.maps.append(front(fixed, normalised(torch.from_numpy(pixels).to(finetune.device())), finetune.FROZEN))

    @torch.no_grad()
    def __call__(self, network):
        outputs = [network(x) for x in self.maps]
        out = {name: torch.cat([each[name] for each in outputs]).cpu() for name in outputs[0]}
        known = {"classifier": self.targets.six, "conditions": self.targets.condition, "subject": self.targets.shows}
        said = [
            f"{name} {balanced_accuracy(out[name][labels >= 0].argmax(1), labels[labels >= 0]):.3f}"
            for name, labels in known.items()
        ]
        mouth = self.targets.shows == 1
        columns = zip(out["teeth"][mouth].T, self.targets.teeth[mouth].T > 0)
        said.append(f"teeth AUROC {np.mean([auroc(score, positive) for score, positive in columns]):.3f}")
        return "validation " + ", ".join(said)


def write(path, tensors):
    save_file({name: tensor.half().contiguous() for name, tensor in tensors.items()}, path)
    path.chmod(0o644)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n")


def ship(tensors, card, learned):
    """The skin file holds the backbone; the dental file only the heads that read its features."""
    dental = {"findings.weight": tensors.pop("teeth.weight"), "findings.bias": tensors.pop("teeth.bias")}
    write(DENTAL, dental)
    write(WEIGHTS, {**tensors, "temperature": torch.tensor([card["classifier_temperature"]])})
    shown = [s.shows for s in learned]
    card["trained_on"] = dict(zip(("skin", "teeth", "neither"), (shown.count(i) for i in range(3))))
    WEIGHTS.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--nonmedical", type=Path, required=True, help="what nonmedical.py fetched")
    arguments.add_argument("--cache", type=Path, default=Path("cache"), help="views and checkpoints, some 2 GB")
    options = arguments.parse_args()
    torch.manual_seed(finetune.SEED)
    torch.set_num_threads(2)
    learned, check, conditions = samples.split(options.data, options.nonmedical, FOLDER, options.cache)
    backbone = {name: tensor.half().float().to(finetune.device()) for name, tensor in imagenet_tensors().items()}
    network = finetune.Network(backbone, len(conditions))
    targets = samples.Targets(learned, len(conditions))
    progress = Progress(check, samples.Targets(check, len(conditions)), network.fixed)
    for phase in finetune.PHASES:
        bank = finetune.Bank(learned, targets, network.fixed, options.cache, phase)
        finetune.train(network, bank, targets, options.cache, progress)
    tensors = {name: tensor.half().float() for name, tensor in network.tensors().items()}
    ship(tensors, calibrate(tensors, check, conditions), learned)


if __name__ == "__main__":
    main()
