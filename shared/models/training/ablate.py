"""Prints what is lost with fewer pictures, or with only the last stages learned, on validation pictures.

    python ablate.py DATA_FOLDER --nonmedical FOLDER --cache FOLDER

Takes the views that `train_skin.py` left in the cache. Every run is as short as the others, so they compare with
each other and not with the shipped weights.
"""

import argparse
import hashlib
from pathlib import Path

import torch

import finetune
import samples
from backbone import imagenet_tensors
from train_skin import FOLDER, Progress

EPOCHS = 2
# (name, first block learned, per cent of the pictures)
RUNS = [("blocks 5 to 15", 5, 100), ("blocks 11 to 15", 11, 100), ("blocks 5 to 15", 5, 50), ("blocks 5 to 15", 5, 25)]


def kept(sample, share):
    name = sample.stratum + str(sample.source)
    return not isinstance(sample.source, Path) or int(hashlib.sha256(name.encode()).hexdigest(), 16) % 100 < share


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--nonmedical", type=Path, required=True)
    arguments.add_argument("--cache", type=Path, required=True)
    options = arguments.parse_args()
    torch.set_num_threads(2)
    learned, check, conditions = samples.split(options.data, options.nonmedical, FOLDER, options.cache)
    targets, phase = samples.Targets(learned, len(conditions)), finetune.PHASES[0]
    backbone = {name: tensor.half().float().to(finetune.device()) for name, tensor in imagenet_tensors().items()}
    network = finetune.Network(backbone, len(conditions))
    bank = finetune.Bank(learned, targets, network.fixed, options.cache, phase)
    progress = Progress(check, samples.Targets(check, len(conditions)), network.fixed)
    for name, first, share in RUNS:
        torch.manual_seed(finetune.SEED)
        network = finetune.Network(backbone, len(conditions)).to(finetune.device())
        for layer_name, layer in zip(network.names, network.layers):
            layer.requires_grad_(layer_name == "head" or int(layer_name.split(".")[1]) >= first)
        solver = finetune.optimiser(network, 1.0)
        average = {key: value.clone() for key, value in network.state_dict().items()}
        wanted = [i for i, row in enumerate(bank.drawn.tolist()) if kept(learned[row], share)]
        steps = EPOCHS * phase.epoch // finetune.BATCH
        for epoch in range(EPOCHS):
            order = torch.tensor(wanted)[torch.randint(len(wanted), (phase.epoch,))]
            finetune.learn(network.train(), solver, bank, targets, order, average, epoch * steps // EPOCHS, steps)
        network.load_state_dict(average)
        print(f"{name}, {share} % of the pictures: {progress(network.eval())}", flush=True)


if __name__ == "__main__":
    main()
