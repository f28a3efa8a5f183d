"""Temperatures, thresholds and referral rules, all chosen on validation samples; the card the product reads."""

import numpy as np
import torch
import torch.nn.functional as F

import dataset
from backbone import features
from samples import Targets, plain

SUBJECTS = ["skin", "teeth", "neither"]
# Conditions that are malignant or its precursors: whoever looks like one of them is to be seen by a person.
MALIGNANT = ["BCC", "Melanoma", "SCC"]
# An answer is given only where, on validation pictures, answers at least so sure were right this often.
PRECISION = {"classifier": 0.8, "conditions": 0.5}
LOWEST, HIGHEST = {"classifier": 0.35, "conditions": 0.2}, {"classifier": 0.75, "conditions": 0.7}
# The share of validation pictures of skin (teeth) that may be turned away as something else.
LOST = 0.01
# The share of validation pictures of the six classes that may be taken for another disease.
OUT_OF_SCOPE = 0.05
# Referral alone must catch this share of validation pictures of malignant disease.
SENSITIVITY = 0.97


def pooled(tensors, samples, batch=16):
    """Features of what the product would show of every sample."""
    parts = []
    for start in range(0, len(samples), batch):
        shown = np.stack([np.asarray(plain(s), dtype=np.uint8) for s in samples[start : start + batch]])
        parts.append(features(tensors, torch.from_numpy(shown)))
    return torch.cat(parts)


def logits(tensors, x):
    heads = ("classifier", "conditions", "subject")
    return {name: x @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"] for name in heads}


def fit_temperature(values, labels, weight=None):
    """The factor that makes probabilities honest, by cross-entropy; a grid is plenty for one number."""
    grid = torch.logspace(-1, 1, 400)
    losses = torch.stack([F.cross_entropy(values / t, labels, weight) for t in grid])
    return round(grid[losses.argmin()].item(), 4)


def fit_binary_temperatures(values, marks):
    """One temperature for each independent label."""
    grid, chosen = torch.logspace(-1, 1, 400), []
    for column, truth in zip(values.T, marks.T):
        losses = torch.stack([F.binary_cross_entropy_with_logits(column / t, truth) for t in grid])
        chosen.append(round(grid[losses.argmin()].item(), 4))
    return chosen


def class_thresholds(p, truth, head):
    """For each class the lowest probability from which its answers are right often enough, within bounds."""
    top, predicted = p.max(1)
    chosen = []
    for c in range(p.shape[1]):
        mine = predicted == c
        right = (truth == c).float()
        steps = np.arange(LOWEST[head], HIGHEST[head] + 1e-9, 0.01)
        good = [t for t in steps if (mine & (top >= t)).sum() and right[mine & (top >= t)].mean() >= PRECISION[head]]
        chosen.append(round(float(good[0] if good else HIGHEST[head]), 2))
    return chosen


def share(wanted, values):
    return float(torch.quantile(values, wanted))


def calibrate(tensors, check, conditions):
    """The card: everything beside the weights that an answer depends on."""
    targets, out = Targets(check, len(conditions)), logits(tensors, pooled(tensors, check))
    six, answered = targets.six >= 0, targets.condition >= 0
    temperatures = {
        "classifier": fit_temperature(out["classifier"][six], targets.six[six]),
        "conditions": fit_temperature(out["conditions"][answered], targets.condition[answered]),
        "subject": 1.0,
    }
    p = {name: F.softmax(values / temperatures[name], 1) for name, values in out.items()}
    malignant = torch.tensor([conditions.index(name) for name in MALIGNANT if name in conditions])
    ill = torch.isin(targets.condition, malignant)
    melanoma = dataset.CLASSES.index("Melanoma")
    suspicion = p["classifier"][targets.six == melanoma, melanoma]
    score = p["conditions"][:, malignant].sum(1)
    scope = [name for name in conditions if dataset.STAND_INS.get(name, name) in dataset.CLASSES]
    inside = p["conditions"][:, [conditions.index(name) for name in scope]].sum(1)
    return {
        "name": "skin-efficientnet-lite0",
        "version": "2.0.0",
        "classes": dataset.CLASSES,
        "conditions": conditions,
        "subjects": SUBJECTS,
        "classifier_temperature": temperatures["classifier"],
        "conditions_temperature": temperatures["conditions"],
        "class_thresholds": class_thresholds(p["classifier"][six], targets.six[six], "classifier"),
        "condition_thresholds": class_thresholds(p["conditions"][answered], targets.condition[answered], "conditions"),
        "skin_threshold": round(share(LOST, p["subject"][targets.shows == 0, 0]), 4),
        "scope_conditions": scope,
        "scope_threshold": round(share(OUT_OF_SCOPE, inside[six]), 4),
        "teeth_threshold": round(share(LOST, p["subject"][targets.shows == 1, 1]), 4),
        "melanoma_class": "Melanoma",
        "melanoma_referral": round(share(1 - SENSITIVITY, suspicion), 4),
        "malignant_conditions": [conditions[i] for i in malignant],
        "malignant_referral": round(share(1 - SENSITIVITY, score[ill]), 4),
    }


# As in `domain::skin_reading`.
LIKELY_SKIN = 0.9


class Answers:
    """What the product would answer, by the card, for pooled features."""

    def __init__(self, tensors, card, x):
        out = logits(tensors, x)
        self.six = F.softmax(out["classifier"] / card["classifier_temperature"], 1)
        self.conditions = F.softmax(out["conditions"] / card["conditions_temperature"], 1)
        self.subject = F.softmax(out["subject"], 1)
        self.is_skin = self.subject[:, 0] >= card["skin_threshold"]
        scope = [card["conditions"].index(name) for name in card["scope_conditions"]]
        in_scope = self.conditions[:, scope].sum(1) >= card["scope_threshold"]
        self.six_told = self.is_skin & in_scope & self.sure(self.six, card["class_thresholds"])
        self.condition_told = self.is_skin & self.sure(self.conditions, card["condition_thresholds"])
        malignant = [card["conditions"].index(name) for name in card["malignant_conditions"]]
        self.malignant = self.conditions[:, malignant].sum(1)
        self.melanoma = self.six[:, card["classes"].index(card["melanoma_class"])]
        suspected = (self.melanoma >= card["melanoma_referral"]) | (self.malignant >= card["malignant_referral"])
        named = [self.six_told & (self.melanoma == self.six.max(1)[0])]
        named += [self.condition_told & (self.conditions[:, i] == self.conditions.max(1)[0]) for i in malignant]
        self.referred = (self.subject[:, 0] >= LIKELY_SKIN) & (suspected | torch.stack(named).any(0))

    @staticmethod
    def sure(p, thresholds):
        top, predicted = p.max(1)
        return top >= torch.tensor(thresholds)[predicted]
