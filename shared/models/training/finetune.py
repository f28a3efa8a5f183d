"""Fine-tunes the later blocks of the backbone together with all heads.

The stem and the first `FROZEN` blocks see edges and colours; they keep their ImageNet weights. That also lets
what they make of a view be kept and used again, which is most of the work of an early block on a CPU.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import dataset
import dental
from architecture import BLOCKS, FEATURES, SIZE
from backbone import front, last_map, normalised

SEED = 20240601
FROZEN = 5
BATCH = 32
SMOOTHING, DROPOUT, OUTLIER_WEIGHT = 0.1, 0.2, 0.3
LEARNING_RATE, HEAD_RATE, DECAY, AVERAGING = 4e-3, 2e-3, 1e-2, 0.995


@dataclass(frozen=True)
class Phase:
    name: str
    # Of the pictures shown, in pixels.
    side: int
    # Samples an epoch, a multiple of BATCH.
    epoch: int
    epochs: int
    # Views are made anew in this many epochs, then drawn again, mirrored by chance.
    fresh: int
    # What every learning rate is multiplied by.
    rate: float


# Most is learned from small pictures: crops make things look larger, which evens out, at half the cost. Then the
# network gets used to the product's size.
PHASES = [Phase("broad", 160, 4320, 12, 4, 1.0), Phase("sharp", SIZE, 2144, 2, 2, 0.1)]


def device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Relative(torch.nn.Module):
    """A convolution's weights, each output channel relative to its own size.

    With batch norm folded in, channels differ in size by orders of magnitude, and Adam's steps do not."""

    def __init__(self, weight, bias):
        super().__init__()
        size = weight.pow(2).mean((1, 2, 3), keepdim=True).sqrt() + 1e-6
        self.register_buffer("size", size)
        self.direction = torch.nn.Parameter((weight / size).contiguous(memory_format=torch.channels_last))
        self.scale = torch.nn.Parameter(torch.ones_like(size))
        self.bias = torch.nn.Parameter(bias.clone())

    def weight(self):
        return self.direction * (self.size * self.scale)


class Network(torch.nn.Module):
    def __init__(self, tensors, conditions, frozen=FROZEN):
        super().__init__()
        self.start = frozen
        early = {"stem"} | {f"blocks.{i}" for i in range(frozen)}
        names = sorted({name.rsplit(".", 1)[0] for name in tensors})
        self.fixed = {n: t for n, t in tensors.items() if ".".join(n.split(".")[: 2 if n.startswith("blocks") else 1]) in early}
        self.names = [name for name in names if f"{name}.weight" not in self.fixed]
        layers = [Relative(tensors[f"{name}.weight"], tensors[f"{name}.bias"]) for name in self.names]
        self.layers = torch.nn.ModuleList(layers)
        outputs = {"classifier": len(dataset.CLASSES), "conditions": conditions, "subject": 3, "teeth": len(dental.LABELS)}
        self.heads = torch.nn.ModuleDict({name: torch.nn.Linear(FEATURES, count) for name, count in outputs.items()})
        for head in self.heads.values():
            torch.nn.init.zeros_(head.weight)
            torch.nn.init.zeros_(head.bias)

    def learned(self):
        out = {}
        for name, layer in zip(self.names, self.layers):
            out[f"{name}.weight"], out[f"{name}.bias"] = layer.weight(), layer.bias
        return out

    def pooled(self, x):
        return last_map(self.learned(), x, self.start).mean((2, 3))

    def forward(self, x):
        """Every head's logits, from what the frozen blocks made."""
        pooled = F.dropout(self.pooled(x), DROPOUT, self.training)
        return {name: head(pooled) for name, head in self.heads.items()}

    @torch.no_grad()
    def tensors(self):
        """Everything under the names of the shipped file."""
        out = {**self.fixed, **{name: tensor.detach().clone() for name, tensor in self.learned().items()}}
        for name, head in self.heads.items():
            out[f"{name}.weight"], out[f"{name}.bias"] = head.weight.detach().clone(), head.bias.detach().clone()
        return {name: tensor.cpu() for name, tensor in out.items()}


def view(sample, rng, side):
    """What training sees: mostly augmented, now and then just what the product will show."""
    image = sample.image()
    if rng.random() < 0.2:
        shown = dataset.fit(image, dataset.face_box(image, sample.face) if sample.face else None, side)
        return shown.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else shown
    return dataset.random_view(image, sample.face, rng, side)


class Bank:
    """What the frozen blocks make of views drawn in advance; kept in a file so that an interruption loses nothing."""

    def __init__(self, samples, targets, fixed, folder, phase):
        self.samples, self.fixed, self.phase = samples, fixed, phase
        size, self.seed = phase.epoch * phase.fresh, SEED + PHASES.index(phase)
        chance = torch.Generator().manual_seed(self.seed)
        self.drawn = torch.multinomial(targets.draw, size, True, generator=chance)
        side = phase.side // 8
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"views_{phase.name}.npy"
        mode = "r+" if path.exists() else "w+"
        self.kept = np.lib.format.open_memmap(path, mode, np.float16, (size, side, side, 40))
        self.done_path = folder / f"views_{phase.name}.done"
        self.done = int(self.done_path.read_text()) if self.done_path.exists() else 0

    @torch.no_grad()
    def fill(self, stop):
        while self.done < stop:
            pick = range(self.done, min(self.done + BATCH, stop))
            shown = []
            for i in pick:
                rng = random.Random(f"{self.seed}:{i}")
                shown.append(np.asarray(view(self.samples[int(self.drawn[i])], rng, self.phase.side), dtype=np.uint8))
            x = front(self.fixed, normalised(torch.from_numpy(np.stack(shown)).to(device())), FROZEN)
            self.kept[pick.start : pick.stop] = x.permute(0, 2, 3, 1).half().cpu().numpy()
            self.done = pick.stop
            self.done_path.write_text(str(self.done))

    def __getitem__(self, indices):
        x = torch.from_numpy(self.kept[indices.numpy()]).to(device()).float().permute(0, 3, 1, 2)
        mirrored = torch.rand(len(x)) < 0.5
        x[mirrored] = x[mirrored].flip(3)
        return x, self.drawn[indices]


def loss_of(logits, targets, drawn):
    """Every head's loss over the samples that concern it; a picture counts once, whatever it shows."""
    at = logits["subject"].device
    six, condition, subject = (labels[drawn].to(at) for labels in (targets.six, targets.condition, targets.shows))
    answered, known = condition >= 0, six >= 0
    smooth = {"reduction": "sum", "label_smoothing": SMOOTHING}
    total = F.cross_entropy(logits["classifier"][known], six[known], targets.six_weight.to(at), **smooth)
    total = total + F.cross_entropy(
        logits["conditions"][answered], condition[answered], targets.condition_weight.to(at), **smooth
    )
    # To the six-class head other diseases are to look like nothing in particular.
    other = (six < 0) & (subject == 0)
    total = total - OUTLIER_WEIGHT * F.log_softmax(logits["classifier"][other], 1).mean(1).sum()
    total = total + 0.3 * F.cross_entropy(logits["subject"], subject, reduction="sum")
    mouth = subject == 1
    marks = targets.teeth[drawn].to(at)[mouth]
    total = total + 2.0 * F.binary_cross_entropy_with_logits(logits["teeth"][mouth], marks, reduction="none").mean(1).sum()
    return total / len(drawn)


def optimiser(network, share):
    """Early blocks learn slowly, late ones faster, the new heads at a rate of their own."""
    groups = []
    for name, layer in zip(network.names, network.layers):
        depth = BLOCKS if name == "head" else int(name.split(".")[1])
        rate = LEARNING_RATE * 0.9 ** (BLOCKS - depth)
        groups.append({"params": [layer.direction], "lr": rate, "weight_decay": DECAY})
        groups.append({"params": [layer.scale, layer.bias], "lr": rate / 4, "weight_decay": 0.0})
    groups.append({"params": list(network.heads.parameters()), "lr": HEAD_RATE, "weight_decay": 0.05})
    for group in groups:
        group["peak"] = group["lr"] * share
    return torch.optim.AdamW(groups, betas=(0.9, 0.99))


def rate(step, steps):
    warm = min(1.0, (step + 1) / (0.05 * steps))
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def average(kept, network, step):
    decay = min(AVERAGING, (1 + step) / (10 + step))
    for name, value in network.state_dict().items():
        kept[name].mul_(decay).add_(value, alpha=1 - decay)


def learn(network, solver, bank, targets, order, kept, begun, steps):
    """One epoch; returns its mean loss."""
    seen = 0.0
    for index, batch in enumerate(order.split(BATCH)):
        bank.fill(int(batch[-1]) + 1 if bank.done < len(bank.drawn) else 0)
        for group in solver.param_groups:
            group["lr"] = group["peak"] * rate(begun + index, steps)
        x, drawn = bank[batch]
        loss = loss_of(network(x), targets, drawn)
        solver.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        solver.step()
        average(kept, network, begun + index)
        seen += loss.item()
        if index % 20 == 0:
            print(f"  step {index} of {len(order) // BATCH}: loss {seen / (index + 1):.3f}", flush=True)
    return seen / (len(order) // BATCH)


def train(network, bank, targets, folder, check):
    """Leaves the averaged weights in the network. `check(network)` is printed after every epoch."""
    phase, checkpoint = bank.phase, folder / f"checkpoint_{bank.phase.name}.pt"
    network.to(device())
    solver, kept = optimiser(network, phase.rate), {k: v.clone() for k, v in network.state_dict().items()}
    begun, steps = 0, phase.epochs * phase.epoch // BATCH
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device())
        network.load_state_dict(state["network"])
        solver.load_state_dict(state["solver"])
        kept, begun = state["kept"], state["epoch"]
    for epoch in range(begun, phase.epochs):
        torch.manual_seed(SEED + epoch)
        order = torch.arange(epoch * phase.epoch, (epoch + 1) * phase.epoch)
        if epoch >= phase.fresh:
            order = torch.randperm(len(bank.drawn))[: phase.epoch]
        loss = learn(network.train(), solver, bank, targets, order, kept, epoch * phase.epoch // BATCH, steps)
        state = {"network": network.state_dict(), "solver": solver.state_dict(), "kept": kept, "epoch": epoch + 1}
        torch.save(state, checkpoint.with_suffix(".new"))
        checkpoint.with_suffix(".new").rename(checkpoint)
        live = {name: value.clone() for name, value in network.state_dict().items()}
        network.load_state_dict(kept)
        print(f"{phase.name}, epoch {epoch}: loss {loss:.3f}, averaged weights: {check(network.eval())}", flush=True)
        network.load_state_dict(live)
    network.load_state_dict(kept)
    network.eval()
