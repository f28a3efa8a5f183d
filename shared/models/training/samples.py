"""Everything the shared backbone learns from, with what each head is to say of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

import dataset
import dental
import nonmedical
from faces import FaceFinder

# What the classes' counts are raised to: 0 draws every picture, 1 every class equally often.
EVENNESS = 0.6
# How often pictures of mouths and of neither skin nor teeth are drawn, against those of skin.
MOUTHS, NEITHER = 0.22, 0.12
UNKNOWN = -1


@dataclass(frozen=True)
class Sample:
    # A path, or the picture itself where it has no file of its own.
    source: Any
    stratum: str
    face: Any = None
    six: int = UNKNOWN
    condition: int = UNKNOWN
    teeth: tuple = ()
    synthetic: bool = False

    @property
    def shows(self):
        """0 skin, 1 teeth, 2 neither."""
        return 1 if self.teeth else (2 if self.stratum.startswith("neither") else 0)

    def image(self):
        return self.source if isinstance(self.source, Image.Image) else Image.open(self.source).convert("RGB")


def plain(sample, size=dataset.SIZE):
    """What the product shows the network: the face with a margin, or the whole picture."""
    image = sample.image()
    return dataset.fit(image, dataset.face_box(image, sample.face) if sample.face else None, size)


def of_skin(rows, conditions, faces):
    index = {name: i for i, name in enumerate(conditions)}
    return [
        Sample(
            row.path,
            dataset.STAND_INS.get(row.disease, row.disease),
            faces[str(row.path)],
            row.label,
            index.get(row.disease, UNKNOWN),
            synthetic=row.synthetic,
        )
        for row in rows
    ]


def of_mouths(rows):
    return [Sample(row.path, f"mouth {row.labels[0]}", teeth=tuple(dental.truth(row))) for row in rows]


def of_neither(pictures, cache):
    """Samples of pictures with neither skin nor teeth, kept as small squares: wallpapers take minutes to decode."""
    kept, names = cache.with_suffix(".npy"), cache.with_suffix(".json")
    if not kept.exists():
        found = list(pictures)
        np.save(kept, np.stack([np.asarray(dataset.fit(image)) for _, image in found]))
        names.write_text(json.dumps([name for name, _ in found]))
    return [
        Sample(Image.fromarray(pixels), f"neither {name}")
        for pixels, name in zip(np.load(kept), json.loads(names.read_text()))
    ]


def faces_of(rows, weights, cache):
    """The largest face of every picture, kept in a file: finding them takes minutes."""
    if cache.exists():
        return json.loads(cache.read_text())
    finder = FaceFinder(weights / "blazeface_short.safetensors")
    found = {str(row.path): finder.largest(Image.open(row.path).convert("RGB")) for row in rows}
    cache.write_text(json.dumps(found))
    return found


def split(data, nonmedical_folder, weights, cache):
    """(learned from, validation, conditions); a seventh of what is neither skin nor teeth validates too."""
    cache.mkdir(parents=True, exist_ok=True)
    skin, skin_check = dataset.split_validation(list(dataset.all_rows(data, "train")))
    mouths, mouths_check = dental.split_validation(list(dental.rows(data, "train")))
    conditions = dataset.conditions(data)
    faces = faces_of(skin + skin_check, weights, cache / "faces.json")
    neither = of_neither(nonmedical.tuning(nonmedical_folder), cache / "nm_tuning") if nonmedical_folder else []
    learned = of_skin(skin, conditions, faces) + of_mouths(mouths) + [s for i, s in enumerate(neither) if i % 7]
    check = of_skin(skin_check, conditions, faces) + of_mouths(mouths_check) + neither[::7]
    return learned, check, conditions


class Targets:
    """What every head is to say of every sample, and how often a sample is drawn."""

    def __init__(self, samples, conditions):
        self.six = torch.tensor([s.six for s in samples])
        self.condition = torch.tensor([s.condition for s in samples])
        self.shows = torch.tensor([s.shows for s in samples])
        self.teeth = torch.tensor([s.teeth or (0.0,) * len(dental.LABELS) for s in samples])
        strata = [s.stratum for s in samples]
        count = {name: strata.count(name) for name in set(strata)}
        draw = [count[s.stratum] ** -EVENNESS * (1.5 if s.six >= 0 else 1.0) * (0.5 if s.synthetic else 1.0) for s in samples]
        self.draw = torch.tensor(draw)
        for kind, share in ((0, 1.0), (1, MOUTHS), (2, NEITHER)):
            of_kind = self.shows == kind
            self.draw[of_kind] *= share / self.draw[of_kind].sum().clamp(min=1e-9)
        # What the draw leaves unequal between classes is made up for in the loss.
        self.six_weight = self.even(self.six, len(dataset.CLASSES))
        self.condition_weight = self.even(self.condition, conditions) ** 0.5

    def even(self, labels, classes):
        share = torch.zeros(classes).index_add_(0, labels.clamp(min=0), self.draw * (labels >= 0))
        weight = 1.0 / share.clamp(min=1e-9)
        return weight / (weight * share).sum() * share.sum()
