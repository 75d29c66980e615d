"""Small ONNX models, one for every form of an operator that is read, each with what ONNX Runtime computes of one image: `cases.safetensors`
(`NAME/model` are the bytes of the model, `NAME/output` the numbers, images as rows, columns, channels); models that are refused, each with
words of its error: `refused.json` and `NAME/model`; and classifiers that PyTorch and Keras export, in the same form.
The image has 10 x 7 pixels: pixel (row, column, channel) is (37 row + 11 column + 71 channel + row column) mod 256.
Usage: python make.py, with onnx, onnxruntime, torch, torchvision, onnxscript and safetensors; then python make.py keras, with Keras 3,
TensorFlow, tf2onnx, onnxruntime and safetensors, which adds what Keras exports."""
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file, save_file

here = pathlib.Path(__file__).resolve().parent
H, W = 10, 7
row, column, channel = np.meshgrid(np.arange(H), np.arange(W), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("f4")
rng = np.random.default_rng(16)
found, refused = {}, {}
# Those that are files as well, for programs that change them.
SEEDS = [
    "exported resnet traced", "exported vgg dynamo", "exported convnext traced", "exported gated traced", "conv groups", "numbers of half in fields",
    "numbers of double in bytes", "reshape by slices of a shape", "split", "shuffle", "pad attributes 7", "clip both 11", "gelu written out, half last",
    "pixels channel by channel", "layer normalization written out 11", "matmul of a turned kernel",
]


def w(*shape, scale=0.3, low=None, high=None):
    if low is not None:
        return rng.uniform(low, high, shape).astype("f4")
    return (rng.standard_normal(shape) * scale).astype("f4")


class Graph:
    """A graph behind an image: nodes are appended by calls, arrays become initializers."""

    def __init__(self, opset=17, layout="nchw", batch=1, size=(H, W), channels=3):
        self.opset, self.layout, self.nodes, self.tensors, self.batch = opset, layout, [], [], batch
        self.size, self.channels = size, channels

    def add(self, op, *inputs, outputs=1, name=None, domain="", **attributes):
        names = []
        for value in inputs:
            if value is None:
                names.append("")
            elif isinstance(value, str):
                names.append(value)
            else:
                array = np.asarray(value)
                if array.dtype == np.float64:
                    array = array.astype("f4")
                names.append(f"t{len(self.tensors)}")
                self.tensors.append(numpy_helper.from_array(array, names[-1]))
        number = len(self.nodes)
        made = [f"v{number}" if n == 0 else f"v{number}_{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(op, names, made, name=name or f"n{number}", domain=domain, **attributes))
        return made[0] if outputs == 1 else made

    def maps(self, filters=4, x="image", activation=True):
        """Maps of some channels, some numbers of which are below 0."""
        x = self.add("Conv", self.add("Div", x, np.float32(255)), w(filters, self.channels, 3, 3), w(filters), pads=[1, 1, 1, 1])
        return self.add("Tanh", x) if activation else x

    def model(self, output):
        extents = [self.channels, *self.size] if self.layout == "nchw" else [*self.size, self.channels]
        graph = helper.make_graph(
            self.nodes, "case", [helper.make_tensor_value_info("image", TensorProto.FLOAT, [self.batch, *extents])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], producer_name="tests", ir_version=8)
        return model


def keep(name, model, layout="nchw", image=None):
    """Keeps a model and what the runtime computes with it."""
    data = model if isinstance(model, bytes) else model.SerializeToString()
    assert name + "/model" not in found, name
    found[name + "/model"] = np.frombuffer(data, "u1")
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    image = pixels if image is None else image
    x = image[None] if layout == "nhwc" else image.transpose(2, 0, 1)[None]
    values = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(x)})[0][0]
    if values.ndim == 3 and layout == "nchw":
        values = values.transpose(1, 2, 0)
    found[name + "/output"] = np.ascontiguousarray(values, "f4")


def case(name, build, opsets=(17,), ends=True, **options):
    """A model for each version of the operators; `ends` appends the layer that is asked for."""
    for opset in opsets:
        graph = Graph(opset, **options)
        output = build(graph)
        if ends:
            output = graph.add("LeakyRelu", output, name="last", alpha=0.5)
        keep(name if len(opsets) == 1 else f"{name} {opset}", graph.model(output), graph.layout)


def refuse(name, words, build, **options):
    graph = Graph(**options)
    output = build(graph)
    data = graph.model(output).SerializeToString()
    found[f"refused {name}/model"] = np.frombuffer(data, "u1")
    refused[name] = words


def unary(op, **attributes):
    return lambda g: g.add(op, g.maps(), **attributes)


def convolutions():
    def conv(kernel, x=None, bias=True, **attributes):
        return lambda g: g.add("Conv", x(g) if x else g.maps(), w(*kernel), *([w(kernel[0])] if bias else []), **attributes)

    case("conv plain", conv((5, 4, 3, 3)), (7, 11, 17, 21))
    case("conv without bias", conv((5, 4, 3, 2), bias=False))
    case("conv strides", conv((5, 4, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1]))
    case("conv strides of three", conv((5, 4, 3, 3), strides=[3, 3], pads=[1, 1, 1, 1]))
    case("conv uneven pads", conv((5, 4, 3, 3), strides=[2, 2], pads=[0, 0, 1, 1]))
    case("conv odd pads", conv((5, 4, 2, 4), pads=[2, 0, 1, 3]))
    case("conv dilations", conv((5, 4, 3, 3), dilations=[2, 1], pads=[2, 1, 2, 1]))
    case("conv groups", conv((6, 2, 3, 3), groups_(4), group=2))
    case("conv depthwise", conv((4, 1, 3, 3), group=4, pads=[1, 1, 1, 1]))
    case("conv depthwise multiplier", conv((8, 1, 3, 3), group=4, strides=[2, 1]))
    case("conv pointwise", conv((6, 4, 1, 1)))
    for mode in ["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"]:
        case(f"conv {mode}", conv((5, 4, 4, 3), auto_pad=mode, strides=[2, 3]))
    case("conv SAME_LOWER of one", conv((5, 4, 4, 4), auto_pad="SAME_LOWER"))
    case("conv open size", conv((5, 4, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1]), size=("h", "w"), batch="n")


def groups_(filters):
    return lambda g: g.maps(filters)


def normalizations():
    def batch(g):
        return g.add("BatchNormalization", g.maps(), w(4, low=0.5, high=1.5), w(4), w(4), w(4, low=0.5, high=2), epsilon=0.01)

    case("batch normalization", batch, (7, 9, 14, 15, 17))
    case("batch normalization of a row", lambda g: g.add(
        "BatchNormalization", g.add("Flatten", g.add("GlobalAveragePool", g.maps())), w(4, low=0.5, high=1.5), w(4), w(4), w(4, low=0.5, high=2)))

    def layer(g, x=None):
        x = g.add("Transpose", x or g.maps(), perm=[0, 2, 3, 1])
        x = g.add("LayerNormalization", x, w(4, low=0.5, high=1.5), w(4), axis=-1, epsilon=1e-6)
        return g.add("Transpose", x, perm=[0, 3, 1, 2])

    case("layer normalization", layer)
    case("layer normalization without bias", lambda g: g.add("Transpose", g.add(
        "LayerNormalization", g.add("Transpose", g.maps(), perm=[0, 2, 3, 1]), w(4, low=0.5, high=1.5), axis=3), perm=[0, 3, 1, 2]))

    def written(g, squares="Pow", axis=-1, axes_input=False, affine=True):
        x = g.maps()
        if axis == -1:
            x = g.add("Transpose", x, perm=[0, 2, 3, 1])

        def mean(v):
            return g.add("ReduceMean", v, np.array([axis], "i8")) if axes_input else g.add("ReduceMean", v, axes=[axis])

        centred = g.add("Sub", x, mean(x))
        square = g.add("Pow", centred, np.float32(2)) if squares == "Pow" else g.add("Mul", centred, centred)
        y = g.add("Div", centred, g.add("Sqrt", g.add("Add", mean(square), np.float32(1e-6))))
        extents = (4,) if axis == -1 else (4, 1, 1)
        if affine:
            y = g.add("Add", g.add("Mul", y, w(*extents, low=0.5, high=1.5)), w(*extents))
        return g.add("Transpose", y, perm=[0, 3, 1, 2]) if axis == -1 else y

    case("layer normalization written out", written, (11, 16))
    case("layer normalization written out 18", lambda g: written(g, axes_input=True), (18,))
    case("layer normalization of squares", lambda g: written(g, squares="Mul"))
    case("layer normalization channels first", lambda g: written(g, axis=1))
    case("layer normalization plain", lambda g: written(g, affine=False))
    case("prelu channels", lambda g: g.add("PRelu", g.maps(), w(4, 1, 1)), (7, 9, 16))
    case("prelu single", lambda g: g.add("PRelu", g.maps(), w(1)))
    case("prelu everywhere", lambda g: g.add("PRelu", g.maps(), w(4, H, W)))


def activations():
    for op in ["Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Exp"]:
        case(op.lower(), unary(op))
    case("leaky", unary("LeakyRelu", alpha=0.2))
    case("leaky default", unary("LeakyRelu"))
    case("elu", unary("Elu", alpha=0.7))
    case("selu", unary("Selu"))
    case("hard sigmoid", unary("HardSigmoid"))
    case("hard sigmoid of a sixth", unary("HardSigmoid", alpha=1 / 6, beta=0.5))
    case("hard sigmoid moved", unary("HardSigmoid", alpha=0.3, beta=0.4))
    case("hard swish", unary("HardSwish"))
    case("mish", unary("Mish"), (18,))
    case("gelu", unary("Gelu"), (20,))
    case("gelu by tanh", unary("Gelu", approximate="tanh"), (20,))
    case("swish", lambda g: (lambda x: g.add("Mul", x, g.add("Sigmoid", x)))(g.maps()))
    case("swish reversed", lambda g: (lambda x: g.add("Mul", g.add("Sigmoid", x), x))(g.maps()))
    case("hard swish written out", lambda g: (lambda x: g.add("Mul", x, g.add("HardSigmoid", x, alpha=1 / 6, beta=0.5)))(g.maps()))
    case("hard swish of limits", lambda g: (lambda x: g.add("Mul", x, g.add("Div", g.add(
        "Clip", g.add("Add", x, np.float32(3)), np.float32(0), np.float32(6)), np.float32(6))))(g.maps()))
    case("mish written out", lambda g: (lambda x: g.add("Mul", x, g.add("Tanh", g.add("Softplus", x))))(g.maps()))

    def gelu(order):
        def build(g):
            x = g.maps()
            scaled = g.add("Div", x, np.float32(2 ** 0.5)) if order != "product" else g.add("Mul", x, np.float32(0.5 ** 0.5))
            total = g.add("Add", g.add("Erf", scaled), np.float32(1))
            if order == "last":
                return g.add("Mul", g.add("Mul", x, total), np.float32(0.5))
            if order == "first":
                return g.add("Mul", g.add("Mul", x, np.float32(0.5)), total)
            return g.add("Mul", x, g.add("Mul", total, np.float32(0.5)))
        return build

    for order in ["last", "first", "product"]:
        case(f"gelu written out, half {order}", gelu(order), (13,))

    def by_tanh(g):
        x = g.maps()
        cube = g.add("Mul", g.add("Pow", x, np.float32(3)), np.float32(0.044715))
        inner = g.add("Mul", g.add("Add", x, cube), np.float32((2 / np.pi) ** 0.5))
        return g.add("Mul", g.add("Mul", x, np.float32(0.5)), g.add("Add", g.add("Tanh", inner), np.float32(1)))

    case("gelu by tanh written out", by_tanh)
    case("clip attributes", unary("Clip", min=-0.5, max=0.25), (7, 10))
    case("clip both", lambda g: g.add("Clip", g.maps(), np.float32(-0.5), np.float32(0.25)), (11, 13))
    case("clip six", lambda g: g.add("Clip", g.add("Mul", g.maps(), np.float32(9)), np.float32(0), np.float32(6)))
    case("clip below", lambda g: g.add("Clip", g.maps(), np.float32(-0.2)))
    case("clip above", lambda g: g.add("Clip", g.maps(), None, np.float32(0.3)))
    case("limits", lambda g: g.add("Min", g.add("Max", g.maps(), np.float32(0)), np.float32(0.4)))
    case("softmax channels", unary("Softmax", axis=1), (13, 17))
    case("softmax rows", unary("Softmax", axis=2))
    case("softmax of a row", lambda g: g.add("Softmax", g.add("Flatten", g.add("GlobalAveragePool", g.maps()))), (7, 11, 13))


def arithmetic():
    case("add maps", lambda g: g.add("Add", g.maps(), g.maps()))
    case("subtract maps", lambda g: g.add("Sub", g.maps(), g.maps()))
    case("multiply maps", lambda g: g.add("Mul", g.maps(), g.maps()))
    case("sum", lambda g: g.add("Sum", g.maps(), g.maps(), g.maps()))
    case("mean", lambda g: g.add("Mean", g.maps(), g.maps()))
    case("max", lambda g: g.add("Max", g.maps(), g.maps()))
    case("min", lambda g: g.add("Min", g.maps(), g.maps()))
    for op in ["Add", "Sub", "Mul", "Div"]:
        case(f"{op.lower()} number", lambda g, op=op: g.add(op, g.maps(), np.float32(0.7)))
        case(f"{op.lower()} channels", lambda g, op=op: g.add(op, g.maps(), w(4, 1, 1, low=0.5, high=1.5)))
        case(f"{op.lower()} channels of a batch", lambda g, op=op: g.add(op, g.maps(), w(1, 4, 1, 1, low=0.5, high=1.5)))
    case("number less maps", lambda g: g.add("Sub", np.float32(0.7), g.maps()))
    case("channels less maps", lambda g: g.add("Sub", w(4, 1, 1), g.maps()))
    case("bias of a convolution", lambda g: g.add("Add", g.add("Conv", g.maps(), w(5, 4, 3, 3)), w(5, 1, 1)))
    case("bias that others do not read", lambda g: (lambda x: g.add("Mul", g.add("Add", x, w(5, 1, 1)), x))(g.add("Conv", g.maps(), w(5, 4, 3, 3))))
    case("bias behind another order", lambda g: (lambda x: g.add("Mul", x, g.add("Transpose", g.add(
        "Add", g.add("Transpose", x, perm=[0, 2, 3, 1]), w(5)), perm=[0, 3, 1, 2])))(g.add("Conv", g.maps(), w(5, 4, 3, 3))))
    case("squares", lambda g: g.add("Pow", g.maps(), np.float32(2)))
    case("gate", lambda g: (lambda x: g.add("Mul", x, g.add("Sigmoid", g.add("Conv", g.add("GlobalAveragePool", x), w(4, 4, 1, 1)))))(g.maps()))
    case("gate ahead", lambda g: (lambda x: g.add("Mul", g.add("Sigmoid", g.add("Conv", g.add("GlobalAveragePool", x), w(4, 4, 1, 1))), x))(g.maps()))


def pixels_first():
    """What graphs begin with."""
    rest = lambda g, x: g.add("Tanh", g.add("Conv", x, w(4, 3, 3, 3, scale=0.1)))
    case("pixels as they are", lambda g: g.add("Tanh", g.add("Conv", "image", w(4, 3, 3, 3, scale=0.001))))
    case("pixels divided", lambda g: rest(g, g.add("Div", "image", np.float32(255))))
    case("pixels as torch has them", lambda g: rest(g, g.add("Div", g.add("Sub", g.add("Div", "image", np.float32(255)), np.array(
        [0.485, 0.456, 0.406], "f4").reshape(1, 3, 1, 1)), np.array([0.229, 0.224, 0.225], "f4").reshape(1, 3, 1, 1))))
    case("pixels scaled", lambda g: rest(g, g.add("Add", g.add("Mul", "image", np.float32(1 / 127.5)), np.float32(-1))))
    case("pixels by channels", lambda g: rest(g, g.add("Add", g.add("Mul", "image", w(3, 1, 1, scale=0.01)), w(3, 1, 1))))
    case("pixels reversed", lambda g: rest(g, g.add("Sub", g.add("Gather", "image", np.array([2, 1, 0], "i8"), axis=1), np.array(
        [103.939, 116.779, 123.68], "f4").reshape(3, 1, 1))))
    case("pixels reversed by slices", lambda g: rest(g, g.add("Div", g.add("Slice", "image", np.array([-1], "i8"), np.array(
        [-9223372036854775807], "i8"), np.array([1], "i8"), np.array([-1], "i8")), np.float32(255))))

    def transform(g):
        parts = []
        for index in range(3):
            x = g.add("Unsqueeze", g.add("Gather", "image", np.array(index, "i8"), axis=1), np.array([1], "i8"))
            parts.append(g.add("Add", g.add("Mul", x, np.float32(0.01 + index / 500)), np.float32(-index / 9)))
        return rest(g, g.add("Concat", *parts, axis=1))

    case("pixels channel by channel", transform)
    case("pixels as rows", lambda g: g.add("Transpose", g.maps(x=g.add("Transpose", "image", perm=[0, 3, 1, 2])), perm=[0, 2, 3, 1]), layout="nhwc")
    case("pixels as rows scaled", lambda g: g.add("Transpose", rest(g, g.add("Transpose", g.add("Div", g.add("Sub", "image", np.array(
        [9, 99, 120], "f4")), np.float32(99)), perm=[0, 3, 1, 2])), perm=[0, 2, 3, 1]), layout="nhwc")


def windows():
    for op in ["MaxPool", "AveragePool"]:
        name = op.lower()
        case(f"{name} plain", unary(op, kernel_shape=[2, 2], strides=[2, 2]), (7, 10, 12, 19))
        case(f"{name} overlapping", unary(op, kernel_shape=[3, 2], strides=[2, 1]))
        case(f"{name} same", unary(op, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1]))
        for mode in ["SAME_UPPER", "VALID"]:
            case(f"{name} {mode}", unary(op, kernel_shape=[3, 3], strides=[2, 2], auto_pad=mode))
        case(f"{name} ceil", unary(op, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1))
        case(f"{name} of one", unary(op, kernel_shape=[2, 2]))
    case("maxpool above zero", lambda g: g.add("MaxPool", g.add("Relu", g.maps()), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]))
    case("maxpool ceil above zero", lambda g: g.add("MaxPool", g.add("Relu", g.maps()), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1))
    case("maxpool SAME_LOWER above zero", lambda g: g.add("MaxPool", g.add("Relu", g.maps()), kernel_shape=[2, 2], strides=[1, 2], auto_pad="SAME_LOWER"))
    case("averagepool counting zeros", unary("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1))
    case("averagepool not counting zeros", unary("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=0))
    case("global average", lambda g: g.add("GlobalAveragePool", g.maps()))
    case("global max", lambda g: g.add("GlobalMaxPool", g.maps()))
    case("means of rows and columns", lambda g: g.add("ReduceMean", g.maps(), axes=[2, 3], keepdims=1))
    case("means in a row", lambda g: g.add("ReduceMean", g.maps(), axes=[-1, -2], keepdims=0))
    case("means in a row 18", lambda g: g.add("ReduceMean", g.maps(), np.array([2, 3], "i8"), keepdims=0), (18,))
    case("largest in a row", lambda g: g.add("ReduceMax", g.maps(), axes=[2, 3], keepdims=0))
    case("pad attributes", unary("Pad", pads=[0, 0, 1, 2, 0, 0, 0, 1]), (7, 10))
    case("pad", lambda g: g.add("Pad", g.maps(), np.array([0, 0, 1, 2, 0, 0, 0, 1], "i8")), (11, 13))
    case("pad axes", lambda g: g.add("Pad", g.maps(), np.array([1, 0, 2, 3], "i8"), None, np.array([-1, 2], "i8")), (18,))
    case("pad below nothing", lambda g: g.add("Pad", g.maps(), np.array([0, 0, -1, -2, 0, 0, 0, -1], "i8")))


def shapes():
    pooled = lambda g: g.add("GlobalAveragePool", g.maps())
    flat = lambda g: g.add("Flatten", pooled(g))
    kernel, bias = w(4, 3), w(3)
    case("gemm", lambda g: g.add("Gemm", flat(g), kernel, bias), (7, 11, 17))
    case("gemm turned", lambda g: g.add("Gemm", flat(g), w(3, 4), bias, transB=1))
    case("gemm scaled", lambda g: g.add("Gemm", flat(g), kernel, bias, alpha=0.5, beta=2.0))
    case("gemm without bias", lambda g: g.add("Gemm", flat(g), kernel), (11,))
    case("matmul", lambda g: g.add("Add", g.add("MatMul", flat(g), kernel), bias))
    case("matmul of pixels", lambda g: g.add("Transpose", g.add("Add", g.add("MatMul", g.add(
        "Transpose", g.maps(), perm=[0, 2, 3, 1]), w(4, 6)), w(6)), perm=[0, 3, 1, 2]))
    case("matmul of a turned kernel", lambda g: g.add("MatMul", flat(g), g.add("Transpose", w(3, 4), perm=[1, 0])))
    maps = lambda g: g.add("MaxPool", g.maps(), kernel_shape=[3, 3], strides=[3, 3])
    case("gemm of maps", lambda g: g.add("Gemm", g.add("Flatten", maps(g)), w(4 * 3 * 2, 5)))
    case("gemm of maps turned", lambda g: g.add("Gemm", g.add("Relu", g.add("Flatten", maps(g))), w(5, 4 * 3 * 2), w(5), transB=1))
    case("gemm of pixels", lambda g: g.add("Gemm", g.add("Flatten", g.add("Transpose", maps(g), perm=[0, 2, 3, 1])), w(4 * 3 * 2, 5)))
    case("row of maps whole", lambda g: g.add("Flatten", g.add("Elu", maps(g))), ends=False)
    case("reshape to a row", lambda g: g.add("Reshape", pooled(g), np.array([1, -1], "i8")))
    case("reshape any batch", lambda g: g.add("Reshape", pooled(g), np.array([0, -1], "i8")))
    case("reshape open batch", lambda g: g.add("Reshape", pooled(g), np.array([-1, 4], "i8")), batch="n")
    case("reshape to a pixel", lambda g: g.add("Conv", g.add("Reshape", flat(g), np.array([1, 4, 1, 1], "i8")), w(5, 4, 1, 1)))
    case("reshape to an image", lambda g: g.add("Conv", g.add("Reshape", g.add("Gemm", flat(g), w(4, 18)), np.array([1, 2, 3, 3], "i8")), w(5, 2, 2, 2)))

    def computed(g, cast=False):
        x = maps(g)
        count = g.add("Gather", g.add("Shape", x), np.array(0, "i8"), axis=0)
        lengths = g.add("Concat", g.add("Unsqueeze", count, np.array([0], "i8")), np.array([-1], "i8"), axis=0)
        return g.add("Gemm", g.add("Reshape", x, lengths), w(24, 3))

    case("reshape by a computed shape", computed, batch="n")

    def sliced(g):
        x = pooled(g)
        head = g.add("Slice", g.add("Shape", x), np.array([0], "i8"), np.array([1], "i8"), np.array([0], "i8"))
        rest = g.add("ConstantOfShape", np.array([1], "i8"), value=helper.make_tensor("v", TensorProto.INT64, [1], [-1]))
        return g.add("Reshape", x, g.add("Concat", head, g.add("Cast", rest, to=TensorProto.INT64), axis=0))

    case("reshape by slices of a shape", sliced, batch="n")
    case("squeeze attributes", lambda g: g.add("Squeeze", pooled(g), axes=[2, 3]), (7, 11))
    case("squeeze", lambda g: g.add("Squeeze", pooled(g), np.array([-1, -2], "i8")), (13,))
    case("unsqueeze attributes", lambda g: g.add("Conv", g.add("Unsqueeze", flat(g), axes=[2, 3]), w(5, 4, 1, 1)), (11,))
    case("unsqueeze", lambda g: g.add("Conv", g.add("Unsqueeze", flat(g), np.array([2, 3], "i8")), w(5, 4, 1, 1)), (13,))
    case("dropout", lambda g: g.add("Dropout", g.maps(), ratio=0.3), (7, 10))
    case("dropout by input", lambda g: g.add("Dropout", g.maps(), np.float32(0.3)), (12, 13))
    case("identity", lambda g: g.add("Identity", g.add("Identity", g.maps())))
    case("constant", lambda g: g.add("Add", g.maps(), g.add("Constant", value=numpy_helper.from_array(w(4, 1, 1)))))
    case("constant number", lambda g: g.add("Mul", g.maps(), g.add("Constant", value_float=0.3)))
    case("concat channels", lambda g: g.add("Concat", g.maps(3), g.maps(), axis=1))
    case("concat of rows", lambda g: g.add("Concat", flat(g), flat(g), axis=1))
    case("concat of columns", lambda g: g.add("Concat", g.maps(), g.maps(), axis=-1))
    case("concat the same", lambda g: (lambda x: g.add("Concat", x, x, g.add("Relu", x), axis=-3))(g.maps()))
    case("slice rows", lambda g: g.add("Slice", g.maps(), np.array([1, -4], "i8"), np.array([9, 2147483647], "i8"), np.array([2, 3], "i8")))
    case("slice channels", lambda g: g.add("Slice", g.maps(6), np.array([2], "i8"), np.array([5], "i8"), np.array([1], "i8")))
    case("slice attributes", unary("Slice", starts=[1], ends=[4], axes=[1]), (7, 9))

    def halves(g, **attributes):
        left, right = g.add("Split", g.maps(6), outputs=2, axis=1, **attributes)
        return g.add("Sub", left, right)

    case("split", halves)
    case("split attributes", lambda g: halves(g, split=[3, 3]), (11,))
    case("split numbers", lambda g: halves(g, num_outputs=2), (18,))

    def shuffle(g):
        x = g.add("Reshape", g.maps(6), np.array([1, 2, 3, H, W], "i8"))
        return g.add("Reshape", g.add("Transpose", x, perm=[0, 2, 1, 3, 4]), np.array([1, -1, H, W], "i8"))

    case("shuffle", shuffle)
    case("cast", lambda g: g.add("Cast", g.add("Cast", g.maps(), to=TensorProto.DOUBLE), to=TensorProto.FLOAT))
    case("turned rows and columns whole", lambda g: g.add("Transpose", g.add("Elu", g.add("Conv", g.add(
        "Transpose", g.maps(), perm=[0, 1, 3, 2]), w(4, 4, 3, 2))), perm=[0, 1, 3, 2]), ends=False)


def numbers():
    """The types and places that weights have."""
    def typed(name, change):
        g = Graph()
        output = g.add("LeakyRelu", g.add("Conv", g.maps(), w(5, 4, 3, 3), w(5)), name="last", alpha=0.5)
        model = g.model(output)
        change(model)
        keep(name, model)

    def fields(model):
        for tensor in model.graph.initializer:
            values = numpy_helper.to_array(tensor)
            tensor.ClearField("raw_data")
            tensor.float_data.extend(values.ravel().tolist())

    typed("numbers in fields", fields)

    def inputs(model):
        for tensor in model.graph.initializer:
            model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))

    typed("numbers among the inputs", inputs)
    data = found["numbers in fields/model"].tobytes()
    for kind, element, convert in [("half", TensorProto.FLOAT16, lambda v: v.astype("f2").view("u2").ravel().tolist()), (
            "bfloat", TensorProto.BFLOAT16, lambda v: (v.astype("f4").view("u4") >> 16).ravel().tolist()), (
            "double", TensorProto.DOUBLE, lambda v: v.astype("f8").ravel().tolist())]:
        for way in ["fields", "bytes"]:
            model = onnx.ModelProto.FromString(data)
            for tensor in model.graph.initializer:
                values = np.array(tensor.float_data, "f4")
                if kind == "half":
                    rounded = values.astype("f2").astype("f4")
                elif kind == "bfloat":
                    rounded = (values.view("u4") >> 16 << 16).view("f4")
                else:
                    rounded = values
                tensor.ClearField("float_data")
                tensor.float_data.extend(rounded.tolist())
            keep(f"numbers of {kind} in {way}", model)
            for tensor in model.graph.initializer:
                values = np.array(tensor.float_data, "f4")
                tensor.ClearField("float_data")
                tensor.data_type = element
                if way == "bytes":
                    dtype = {"half": "<u2", "bfloat": "<u2", "double": "<f8"}[kind]
                    tensor.raw_data = np.array(convert(values), dtype).tobytes()
                elif kind == "double":
                    tensor.double_data.extend(convert(values))
                else:
                    tensor.int32_data.extend(convert(values))
            # The runtime wants one type throughout: what it computed is of the same numbers as floats.
            found[f"numbers of {kind} in {way}/model"] = np.frombuffer(model.SerializeToString(), "u1")


def refusals():
    refuse("operator", "InstanceNormalization 'n4', and 1 more InstanceNormalization: no layer here computes it", lambda g: g.add(
        "InstanceNormalization", g.add("InstanceNormalization", g.add("Relu", g.maps()), w(4), w(4)), w(4), w(4)))
    refuse("domain", "com.example.Conv 'n3': no layer here computes it", lambda g: g.add("Conv", g.maps(), w(4, 4, 1, 1), domain="com.example"))
    refuse("control flow", "If", lambda g: g.add("If", g.add("Constant", value=numpy_helper.from_array(np.array(True))), then_branch=helper.make_graph(
        [], "a", [], []), else_branch=helper.make_graph([], "b", [], [])))
    refuse("window over numbers below 0", "'same'", unary("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]))
    refuse("gaps in a pool", "dilations", unary("MaxPool", kernel_shape=[2, 2], dilations=[2, 2]))
    refuse("reflected pad", "'reflect'", unary("Pad", pads=[0, 0, 1, 1, 0, 0, 1, 1], mode="reflect"), opset=10)
    refuse("numbers for each position", "one for each channel", lambda g: g.add("Mul", g.maps(), w(H, W)))
    refuse("weights that are computed", "kernel is no tensor", lambda g: g.add("Conv", g.maps(), g.maps()))
    refuse("mixed images", "mixes images", lambda g: g.add("Reshape", g.maps(), np.array([2, -1], "i8")), batch="n")
    refuse("batch normalization in training", "training", lambda g: g.add(
        "BatchNormalization", g.maps(), w(4), w(4), w(4), w(4), outputs=3, training_mode=1)[0])
    refuse("division of maps", "divides", lambda g: g.add("Div", g.maps(), g.maps()))
    refuse("old operators", "version 6", lambda g: g.maps(), opset=6)
    refuse("two scalings", "two ways", lambda g: g.add("Concat", g.add("Tanh", g.add("Div", "image", np.float32(9))), g.add("Tanh", "image"), axis=1))
    refuse("concat of nothing", "joins nothing", lambda g: g.add("Add", g.maps(), g.add("Concat", axis=1)))
    refuse("least number as a pad", "pads are not known", lambda g: g.add(
        "Pad", g.maps(), np.array([0, 0, -2**63, 0, 0, 0, 0, 0], "i8")))


def exported():
    """Classifiers that PyTorch exports, by both of its exporters."""
    import io

    import torch
    import torch.nn as nn

    class Block(nn.Module):
        def __init__(self, channels, stride):
            super().__init__()
            self.a = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
            self.bn = nn.BatchNorm2d(channels)
            self.down = nn.Conv2d(channels, channels, 1, stride)

        def forward(self, x):
            return torch.relu(self.bn(self.a(x)) + self.down(x))

    class Gate(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.depthwise = nn.Conv2d(channels, channels, 5, 1, 2, groups=channels)
            self.less, self.more = nn.Conv2d(channels, 2, 1), nn.Conv2d(2, channels, 1)

        def forward(self, x):
            y = nn.functional.hardswish(self.depthwise(x))
            return y * nn.functional.hardsigmoid(self.more(nn.functional.silu(self.less(nn.functional.adaptive_avg_pool2d(y, 1))))) + x

    class Next(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.depthwise, self.norm = nn.Conv2d(channels, channels, 3, 1, 1, groups=channels), nn.LayerNorm(channels, eps=1e-6)
            self.more, self.less = nn.Linear(channels, 12), nn.Linear(12, channels)
            self.scale = nn.Parameter(torch.rand(channels, 1, 1))

        def forward(self, x):
            y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
            return x + self.scale * self.less(nn.functional.gelu(self.more(y))).permute(0, 3, 1, 2)

    models = {
        "resnet": lambda: nn.Sequential(
            nn.Conv2d(3, 6, 3, 1, 1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(3, 2, 1), Block(6, 1), Block(6, 2), nn.AdaptiveAvgPool2d(1),
            nn.Flatten(), nn.Linear(6, 4)),
        "vgg": lambda: nn.Sequential(
            nn.Conv2d(3, 6, 3, 1, 1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 5, 3, 1, 1), nn.ReLU(), nn.Flatten(), nn.Linear(5 * 5 * 3, 7),
            nn.ReLU(), nn.Dropout(), nn.Linear(7, 4), nn.Softmax(1)),
        "gated": lambda: nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1), nn.ReLU6(), Gate(6), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 4)),
        "convnext": lambda: nn.Sequential(nn.Conv2d(3, 6, 2, 2), Next(6), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(6), nn.Linear(6, 4)),
    }
    for name, build in models.items():
        torch.manual_seed(16)
        model = build().eval()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 2)
                module.weight.data.uniform_(0.5, 1.5)
                module.bias.data.normal_(0, 0.2)
        model = nn.Sequential(Scaled(), model).eval() if name == "gated" else model
        x = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)[None]))
        for way in ["traced", "dynamo"]:
            data = io.BytesIO()
            if way == "traced":
                torch.onnx.export(model, (x,), data, dynamo=False, input_names=["pixels"], dynamic_axes={"pixels": {0: "n"}}, opset_version=13)
                data = data.getvalue()
            else:
                data = torch.onnx.export(model, (x,), dynamo=True, verbose=False).model_proto
                # Where in a program each operator comes from is nobody's business.
                for part in [*data.graph.node, *data.graph.value_info, *data.graph.input, *data.graph.output, data.graph, data]:
                    part.ClearField("metadata_props")
                    part.ClearField("doc_string")
                data = data.SerializeToString()
            keep(f"exported {name} {way}", data)


def Scaled():
    import torch.nn as nn

    class Scaled(nn.Module):
        def forward(self, x):
            return x / 255

    return Scaled()


def of_keras():
    """Classifiers that Keras exports, which take what it writes by way of tf2onnx."""
    import keras
    import tempfile

    L = keras.layers
    keras.utils.set_random_seed(16)
    image = keras.Input((H, W, 3))
    x = L.Rescaling(1 / 127.5, -1)(image)
    x = L.Activation("relu6")(L.BatchNormalization()(L.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(x)))
    x = L.DepthwiseConv2D(3, padding="same")(x)
    x = L.Activation("swish")(L.SeparableConv2D(8, 3, padding="same")(x))
    x = L.AveragePooling2D(2, padding="same")(L.MaxPooling2D(2, padding="same")(x))
    pooled = keras.Model(image, L.Dense(4, activation="softmax")(L.Dropout(0.2)(L.GlobalAveragePooling2D()(x))))
    flat = keras.Model(image, L.Dense(4)(L.Dense(6, activation="selu")(L.Flatten()(x))))
    for name, model in [("pooled", pooled), ("flat", flat)]:
        for layer in model.layers:
            layer.set_weights([v + rng.uniform(0.1, 0.3, v.shape) for v in layer.get_weights()])
        model.predict(pixels[None], verbose=0)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.onnx")
            model.export(path, format="onnx", verbose=False)
            keep(f"exported keras {name}", pathlib.Path(path).read_bytes(), "nhwc")


if __name__ == "__main__":
    if "keras" in sys.argv:
        found = load_file(here / "cases.safetensors")
        found = {key: value for key, value in found.items() if not key.startswith("exported keras")}
        of_keras()
    else:
        for make in [convolutions, normalizations, activations, arithmetic, pixels_first, windows, shapes, numbers, refusals, exported]:
            make()
        (here / "refused.json").write_text(json.dumps(refused, indent=1, sort_keys=True) + "\n")
    save_file(found, here / "cases.safetensors")
    (here / "models").mkdir(exist_ok=True)
    for name in SEEDS:
        (here / "models" / (name.replace(" ", "-") + ".onnx")).write_bytes(found[name + "/model"].tobytes())
    print(len([key for key in found if key.endswith("/output")]), "models,", len(refused), "refused")
