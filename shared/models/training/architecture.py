"""What EfficientNet-Lite0 is made of; the same as `src/efficientnet/layers.rs`. Needs no PyTorch."""

SIZE = 224
FEATURES = 1280
# (expand, kernel, stride of the first, outputs, repeats)
STAGES = [
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
]

BLOCKS = sum(stage[-1] for stage in STAGES)


def blocks():
    """(inputs, expand, kernel, stride, outputs) of the sixteen blocks in order."""
    inputs = 32
    for expand, kernel, stride, outputs, repeats in STAGES:
        for repeat in range(repeats):
            yield inputs, expand, kernel, stride if repeat == 0 else 1, outputs
            inputs = outputs
