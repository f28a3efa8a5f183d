"""BlazeFace (short range) in PyTorch: the largest face of a picture, as `src/face.rs` finds it."""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file

from backbone import same_pad

THRESHOLD = 0.7
OUTPUTS = [24, 28, 32, 36, 42, 48, 56, 64, 72, 80, 88, 96, 96, 96, 96, 96]
STRIDED = {2, 5, 11}


def anchors():
    cells = [(16, 2), (8, 6)]
    return torch.tensor(
        [((x + 0.5) / n, (y + 0.5) / n) for n, each in cells for y in range(n) for x in range(n) for _ in range(each)]
    )


def letterbox(image):
    """The picture shrunk into 128×128 with black bars; also where it lies there: scale, left, top."""
    scale = 128 / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    left, top = (128 - width) // 2, (128 - height) // 2
    box = Image.new("RGB", (128, 128))
    box.paste(image.resize((width, height), Image.BILINEAR), (left, top))
    return box, left / 128, top / 128, width / 128, height / 128


class FaceFinder:
    def __init__(self, path):
        self.tensors, self.anchors = load_file(path), anchors()

    def conv(self, x, name, stride=1, groups=1):
        weight = self.tensors[f"{name}.weight"]
        return F.conv2d(same_pad(x, weight.shape[2], stride), weight, self.tensors[f"{name}.bias"], stride, groups=groups)

    @torch.inference_mode()
    def raw(self, box):
        """Score logits (896) and regressors (896, 16) of a 128×128 picture."""
        x = torch.from_numpy(np.array(box)).permute(2, 0, 1)[None].float() / 127.5 - 1.0
        x = F.relu(self.conv(x, "stem", 2))
        scores, boxes = [], []
        for index, outputs in enumerate(OUTPUTS):
            stride = 2 if index in STRIDED else 1
            shortcut = F.max_pool2d(x, 2) if stride == 2 else x
            shortcut = F.pad(shortcut, (0, 0, 0, 0, 0, outputs - x.shape[1]))
            y = self.conv(x, f"block{index}.dw", stride, groups=x.shape[1])
            x = F.relu(self.conv(y, f"block{index}.pw") + shortcut)
            if index in (10, 15):
                cells = 16 if index == 10 else 8
                scores.append(self.conv(x, f"cls{cells}").permute(0, 2, 3, 1).reshape(-1))
                boxes.append(self.conv(x, f"reg{cells}").permute(0, 2, 3, 1).reshape(-1, 16))
        return torch.cat(scores), torch.cat(boxes)

    def largest(self, image):
        """(left, top, width, height) as fractions of the picture, or None."""
        box, left, top, wide, high = letterbox(image)
        scores, regs = self.raw(box)
        found = torch.sigmoid(scores) >= THRESHOLD
        if not found.any():
            return None
        centre, size = regs[found, 0:2] / 128 + self.anchors[found], regs[found, 2:4] / 128
        best = (size[:, 0] * size[:, 1]).argmax()
        (x, y), (w, h) = centre[best].tolist(), size[best].tolist()
        return (x - w / 2 - left) / wide, (y - h / 2 - top) / high, w / wide, h / high
