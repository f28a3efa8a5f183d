"""What the networks say of the committed pictures, for the Rust tests to agree with."""

import json

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import dataset
from backbone import features, load_tensors

HEADS = ("classifier", "conditions", "subject")


def answers(tensors, card, pooled):
    said = {f"{name}_logits": pooled @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"] for name in HEADS}
    temperatures = (card["classifier_temperature"], card["conditions_temperature"], 1.0)
    for name, temperature in zip(("probabilities", "conditions", "subject"), temperatures):
        head = "classifier" if name == "probabilities" else name
        said[name] = F.softmax(said[f"{head}_logits"] / temperature, 1)
    return {name: values[0].tolist() for name, values in said.items()}


def write_fixture(folder, tensors, card, finder):
    """`skin_reference.json` and `dental_reference.json`; `inputs/` holds what the network is shown, losslessly.

    JPEG decoders differ by a level or two, so only the inputs can be asked to agree to the last digits."""
    skin, dental = [], []
    heads = load_tensors(folder.parent / "weights" / "dental_heads.safetensors")
    (folder / "inputs").mkdir(exist_ok=True)
    for path in sorted(folder.glob("*.jpg")):
        image = Image.open(path).convert("RGB")
        face = finder.largest(image)
        shown = dataset.fit(image, dataset.face_box(image, face) if face else None)
        shown.save(folder / "inputs" / f"{path.stem}.png", optimize=True)
        pooled = features(tensors, torch.from_numpy(np.asarray(shown).copy())[None])
        said = {"picture": path.name, "face": face, "features": pooled[0, :8].tolist(), **answers(tensors, card, pooled)}
        skin.append(said)
        findings = pooled @ heads["findings.weight"].T + heads["findings.bias"]
        dental.append({"picture": path.name, "findings_logits": findings[0].tolist()})
    pattern = (torch.arange(224 * 224 * 3) * 7919 % 256).to(torch.uint8).reshape(1, 224, 224, 3)
    pooled = features(tensors, pattern)
    said = answers(tensors, card, pooled)
    findings = (pooled @ heads["findings.weight"].T + heads["findings.bias"])[0].tolist()
    reference = {"pattern": said["probabilities"], "pattern_logits": said, "pictures": skin}
    (folder / "skin_reference.json").write_text(json.dumps(reference, indent=1) + "\n")
    reference = {"pattern_logits": findings, "pictures": dental}
    (folder / "dental_reference.json").write_text(json.dumps(reference, indent=1) + "\n")
