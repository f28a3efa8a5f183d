"""What is measured of a classifier, without a framework in between."""

import numpy as np
import torch


def recalls(predicted, truth, classes):
    """Recall of each class; not a number where the class does not occur."""
    return [((predicted == truth)[truth == c].float().mean().item() if (truth == c).any() else float("nan")) for c in range(classes)]


def balanced_accuracy(predicted, truth):
    return float(np.nanmean(recalls(predicted, truth, int(truth.max()) + 1)))


def auroc(score, positive):
    """The chance that a positive scores above a negative, ties counting half."""
    _, place, ties = torch.unique(score, return_inverse=True, return_counts=True)
    last = ties.cumsum(0).double()
    ranks = (last - (ties - 1) / 2)[place]
    count = int(positive.sum())
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(score) - count)))


def expected_calibration_error(probabilities, truth, bins=10):
    """The gap between how sure the first answer is and how often it is right, by tenths, weighted by size."""
    confidence, predicted = probabilities.max(1)
    right = (predicted == truth).float()
    bucket = torch.clamp((confidence * bins).long(), max=bins - 1)
    gaps = [(right[bucket == b].mean() - confidence[bucket == b].mean()).abs() * (bucket == b).sum() for b in bucket.unique()]
    return float(sum(gaps) / len(truth))


def bootstrap(measure, groups, seed, rounds=2000):
    """95 % interval of `measure(indices)`, drawing whole clusters: their pictures are not independent."""
    rng = np.random.default_rng(seed)
    names = sorted(set(groups))
    members = {name: np.array([i for i, group in enumerate(groups) if group == name]) for name in names}
    drawn = [measure(np.concatenate([members[names[i]] for i in rng.integers(0, len(names), len(names))])) for _ in range(rounds)]
    return float(np.nanquantile(drawn, 0.025)), float(np.nanquantile(drawn, 0.975))


def print_certainty(probabilities, truth):
    """How often the first answer is right, by the bounds of `Certainty` in `shared/domain/src/skin.rs`."""
    top, predicted = probabilities.max(1)
    print("\n| top probability | pictures | right |\n|---|---|---|")
    for start, end in ((0.0, 0.6), (0.6, 0.9), (0.9, 1.01)):
        inside = (top >= start) & (top < end)
        print(f"| {start:.1f} to {min(end, 1.0):.1f} | {int(inside.sum())} | {(predicted == truth)[inside].float().mean():.3f} |")
