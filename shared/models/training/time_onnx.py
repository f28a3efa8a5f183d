"""The backbone in ONNX Runtime and in Rust, by turns in one run, one thread each: the ratio of their times.

python3 -m venv venv && venv/bin/pip install onnx onnxruntime numpy safetensors
cargo build --release -p models --example time_backbone
venv/bin/python time_onnx.py TARGET_FOLDER/release/examples/time_backbone
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from architecture import FEATURES, SIZE, blocks

WEIGHTS = Path(__file__).parent.parent / "weights" / "skin_efficientnet_lite0.safetensors"
ROUNDS = 60


class Graph:
    def __init__(self, tensors):
        self.tensors, self.nodes, self.constants = tensors, [], {}

    def constant(self, name, value):
        self.constants[name] = numpy_helper.from_array(value.astype(np.float32), name)
        return name

    def add(self, kind, inputs, **attributes):
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def conv(self, x, name, stride=1, groups=1, relu6=True):
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        names = [self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)]
        attributes = {"auto_pad": "SAME_UPPER", "strides": [stride] * 2, "group": groups}
        x = self.add("Conv", [x, *names], kernel_shape=weight.shape[2:], **attributes)
        if not relu6:
            return x
        return self.add("Clip", [x, self.constant("zero", np.array(0)), self.constant("six", np.array(6))])


def model(tensors):
    graph = Graph(tensors)
    x = graph.conv("pixels", "stem", stride=2)
    for index, (inputs, expand, _, stride, outputs) in enumerate(blocks()):
        name, shortcut = f"blocks.{index}", x
        if expand != 1:
            x = graph.conv(x, f"{name}.expand")
        x = graph.conv(x, f"{name}.depthwise", stride, groups=inputs * expand)
        x = graph.conv(x, f"{name}.project", relu6=False)
        if stride == 1 and inputs == outputs:
            x = graph.add("Add", [x, shortcut])
    x = graph.add("GlobalAveragePool", [graph.conv(x, "head")])
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        graph.nodes,
        "backbone",
        [value("pixels", TensorProto.FLOAT, [1, 3, SIZE, SIZE])],
        [value(x, TensorProto.FLOAT, [1, FEATURES, 1, 1])],
        list(graph.constants.values()),
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    return made.SerializeToString()


def session(tensors):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(model(tensors), options, providers=["CPUExecutionProvider"])


class Rust:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]


def main():
    theirs = session({name: value.astype(np.float32) for name, value in load_file(WEIGHTS).items()})
    rust = Rust(sys.argv[1])
    pixels = (np.arange(SIZE * SIZE * 3) * 7919 % 256).reshape(1, SIZE, SIZE, 3).transpose(0, 3, 1, 2)
    pixels = np.ascontiguousarray((pixels.astype(np.float32) - 127.0) / 128.0)
    features = theirs.run(None, {"pixels": pixels})[0].ravel()
    difference = np.abs(features - np.array(rust.ask("features"))).max()
    ours, onnx_times = [], []
    for _ in range(ROUNDS):
        ours += rust.ask("time")
        began = time.perf_counter()
        theirs.run(None, {"pixels": pixels})
        onnx_times.append((time.perf_counter() - began) * 1000)
    print(f"largest difference of a feature: {difference:.2e}")
    for name, times in [("ONNX Runtime", onnx_times), ("Rust", ours)]:
        print(f"{name:12}  median {statistics.median(times):6.2f} ms, least {min(times):6.2f} ms")
    medians, least = statistics.median(ours) / statistics.median(onnx_times), min(ours) / min(onnx_times)
    print(f"Rust / ONNX Runtime {onnxruntime.__version__}: {medians:.2f} of medians, {least:.2f} of least")


if __name__ == "__main__":
    main()
