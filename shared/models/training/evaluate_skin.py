"""Measures the shipped skin classifier on the held-out pictures: what its model card says.

    python evaluate_skin.py DATA_FOLDER --nonmedical FOLDER [--cache FOLDER] [--split heldout]
    python evaluate_skin.py DATA_FOLDER --fixture FACE_PICTURES

Reads the shipped files, not what training had in memory. For the last measurement only: nothing may be chosen
by these figures. `--split validation` prints the same of the pictures that thresholds were chosen on.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import dataset
import nonmedical
import samples
from backbone import load_tensors
from calibrate import Answers, pooled
from faces import FaceFinder
from finetune import SEED
from fixture import write_fixture
from measures import auroc, balanced_accuracy, bootstrap, expected_calibration_error, print_certainty, recalls
from train_skin import FOLDER, WEIGHTS


def interval(measure, groups):
    low, high = bootstrap(measure, groups, SEED, 1000)
    return f"(95 % {low:.3f} to {high:.3f})"


def report(title, names, p, told, truth, groups):
    """Balanced accuracy, AUROC, calibration, and every class's recall, with how often an answer is given at all."""
    predicted = p.argmax(1)
    aurocs = [auroc(p[:, c], truth == c) for c in range(len(names))]
    print(f"\n## {title}\n\npictures {len(truth)}, clusters {len(set(groups))}")
    spread = interval(lambda i: balanced_accuracy(predicted[i], truth[i]), groups)
    print(f"balanced accuracy {balanced_accuracy(predicted, truth):.3f}", spread)
    top3 = (p.topk(3, 1).indices == truth[:, None]).any(1).float()
    print(f"accuracy {(predicted == truth).float().mean():.3f}, among the first three {top3.mean():.3f}")
    print(f"mean AUROC {np.mean(aurocs):.3f}", interval(lambda i: mean_auroc(p[i], truth[i]), groups))
    error = expected_calibration_error(p, truth)
    print(f"calibration error {error:.3f}", interval(lambda i: expected_calibration_error(p[i], truth[i]), groups))
    right = (predicted == truth)[told].float().mean()
    balanced = balanced_accuracy(predicted[told], truth[told])
    print(f"answered {told.float().mean():.3f}, of these right {right:.3f}; balanced {balanced:.3f}")
    print("\n| class | n | recall | precision | AUROC | answered |\n|---|---|---|---|---|---|")
    for c, (name, recall) in enumerate(zip(names, recalls(predicted, truth, len(names)))):
        precision = (truth[predicted == c] == c).float().mean()
        answered = told[truth == c].float().mean()
        print(f"| {name} | {int((truth == c).sum())} | {recall:.3f} | {precision:.3f} | {aurocs[c]:.3f} | {answered:.3f} |")
    print_certainty(p, truth)


def mean_auroc(p, truth):
    return np.mean([auroc(p[:, c], truth == c) for c in range(p.shape[1]) if 0 < (truth == c).sum() < len(truth)])


def safety(answers, rows, card):
    """What becomes of melanoma and of other malignant disease, and how many people are referred."""
    diseases = np.array([row.disease for row in rows])
    normal = card["classes"].index("Normal")
    print("\n## Referral\n\n| pictures | n | referred | not taken for skin | told Normal, not referred |\n|---|---|---|---|---|")
    groups = {"Melanoma": ["Melanoma"], "other malignant": [d for d in card["malignant_conditions"] if d != "Melanoma"]}
    groups |= {"Nevus": ["Nevus"], "Keratosis": ["Keratosis"], "Normal": ["Normal"]}
    groups["the other four classes"] = [d for d in dataset.CLASSES if d not in ("Melanoma", "Normal")]
    groups["all else"] = sorted(set(diseases) - {d for each in groups.values() for d in each})
    for name, members in groups.items():
        of = torch.from_numpy(np.isin(diseases, members))
        calmed = of & answers.six_told & ~answers.referred & (answers.six.argmax(1) == normal)
        shares = [(of & answers.referred).sum() / of.sum(), (of & ~answers.is_skin).sum() / of.sum()]
        told = f"{int(calmed.sum())} ({calmed.sum() / of.sum():.3f})"
        print(f"| {name} | {int(of.sum())} | {shares[0]:.3f} | {shares[1]:.3f} | {told} |")
    melanoma = torch.from_numpy(diseases == "Melanoma")
    others = torch.from_numpy(~np.isin(diseases, ["Melanoma"]))
    for name, score in (("six classes", answers.melanoma), ("conditions", answers.malignant)):
        both = melanoma | others
        print(f"melanoma against all other skin pictures, by the {name}: AUROC {auroc(score[both], melanoma[both]):.3f}")


def strangers(tensors, card, folder, cache):
    """How often a picture of something else is turned away: alone by its subject, and by the whole rule."""
    found = samples.of_neither(nonmedical.final(folder), cache / "nm_final")
    answers = Answers(tensors, card, pooled(tensors, found))
    packages = np.array([s.stratum.removeprefix("neither ") for s in found])
    print("\n## Pictures that are not of skin\n")
    print("| package | n | not skin | no six-class answer | no condition | referred |\n|---|---|---|---|---|---|")
    for name in ["all", *sorted(set(packages))]:
        of = torch.from_numpy((packages == name) | (name == "all"))
        columns = (~answers.is_skin, ~answers.six_told, ~answers.condition_told, answers.referred)
        print(f"| {name} | {int(of.sum())} | " + " | ".join(f"{c[of].float().mean():.3f}" for c in columns) + " |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--nonmedical", type=Path)
    arguments.add_argument("--cache", type=Path, default=Path("cache"))
    arguments.add_argument("--split", choices=["heldout", "validation"], default="heldout")
    arguments.add_argument("--fixture", type=Path, help="only writes the references for the pictures there")
    options = arguments.parse_args()
    torch.set_num_threads(2)
    tensors, card = load_tensors(WEIGHTS), json.loads(WEIGHTS.with_suffix(".json").read_text())
    finder = FaceFinder(FOLDER / "blazeface_short.safetensors")
    if options.fixture:
        write_fixture(options.fixture, tensors, card, finder)
        return
    if options.split == "heldout":
        rows = list(dataset.all_rows(options.data, "heldout"))
    else:
        rows = dataset.split_validation(list(dataset.all_rows(options.data, "train")))[1]
    faces = samples.faces_of(rows, FOLDER, options.cache / f"faces_{options.split}.json")
    shown = samples.of_skin(rows, card["conditions"], faces)
    answers = Answers(tensors, card, pooled(tensors, shown))
    groups = np.array([row.cluster for row in rows])
    six, condition = torch.tensor([s.six for s in shown]), torch.tensor([s.condition for s in shown])
    for title, names, p, told, truth in (
        ("Six classes", card["classes"], answers.six, answers.six_told, six),
        ("Conditions", card["conditions"], answers.conditions, answers.condition_told, condition),
    ):
        of = truth >= 0
        report(title, names, p[of], told[of], truth[of], list(groups[of.numpy()]))
    other = six < 0
    abstained = (~answers.six_told[other]).float().mean()
    print(f"\nother diseases: the six-class head abstains on {abstained:.3f} of {int(other.sum())}")
    print(f"pictures of skin taken for something else: {(~answers.is_skin).float().mean():.4f} of {len(rows)}")
    safety(answers, rows, card)
    if options.nonmedical:
        strangers(tensors, card, options.nonmedical, options.cache)


if __name__ == "__main__":
    main()
