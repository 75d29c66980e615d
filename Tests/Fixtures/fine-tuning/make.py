"""Trains small networks, one a family, as a whole with Keras, and writes where they end up: expected.json (needs Keras 3).
With `penalties` as its argument, it trains one whose parameters cost something instead: penalties.json.

Weights and images come from ../synthetic_weights.py, so only architectures and results are stored: of every tensor some elements
after 20 steps of 4 images each, without shuffling. The head begins at zero.
"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import keras
import numpy as np
import synthetic_weights as synthetic

SEED, SIZE, CLASSES, SAMPLES, BATCH, EPOCHS = 29, 16, 3, 8, 4, 10
ELEMENTS = 12
L = keras.layers


def conv(x, filters, size, name, strides=1, padding="same", bias=False, **options):
    return L.Conv2D(filters, size, strides=strides, padding=padding, use_bias=bias, name=name, **options)(x)


def normed(x, name, activation="relu", **options):
    x = L.BatchNormalization(name=name + "_bn", momentum=0.9, **options)(x)
    return L.Activation(activation, name=name + "_act")(x) if activation else x


def resnet(x):
    x = L.ZeroPadding2D(((1, 1), (1, 1)), name="pad")(x)
    x = normed(conv(x, 8, 3, "stem", strides=2, padding="valid", bias=True), "stem", epsilon=1.001e-5)
    x = L.MaxPooling2D(3, strides=2, padding="same", name="pool")(x)
    short = normed(conv(x, 16, 1, "b_0", strides=2, bias=True), "b_0", None)
    y = normed(conv(x, 4, 1, "b_1", strides=2, bias=True), "b_1")
    y = normed(conv(y, 4, 3, "b_2", bias=True), "b_2")
    y = normed(conv(y, 16, 1, "b_3", bias=True), "b_3", None)
    x = L.Activation("relu", name="b_out")(L.Add(name="b_add")([short, y]))
    y = normed(conv(x, 4, 1, "c_1", bias=True), "c_1")
    y = normed(conv(y, 4, 3, "c_2", bias=True), "c_2")
    y = normed(conv(y, 16, 1, "c_3", bias=True), "c_3", None)
    return L.Activation("relu", name="c_out")(L.Add(name="c_add")([x, y]))


def vgg(x):
    for block, filters in enumerate([6, 10]):
        for layer in range(2):
            x = conv(x, filters, 3, f"block{block}_conv{layer}", bias=True, activation="relu")
        x = L.MaxPooling2D(2, strides=2, name=f"block{block}_pool")(x)
    return x


def xception(x):
    x = normed(conv(x, 8, 3, "stem", strides=2, padding="valid"), "stem")
    short = normed(conv(x, 12, 1, "short", strides=2), "short", None)
    y = normed(L.SeparableConv2D(12, 3, padding="same", use_bias=False, name="sep1")(x), "sep1")
    y = normed(L.SeparableConv2D(12, 3, padding="same", use_bias=False, name="sep2")(y), "sep2", None)
    y = L.MaxPooling2D(3, strides=2, padding="same", name="pool")(y)
    x = L.Add(name="add")([y, short])
    return normed(L.SeparableConv2D(16, 3, padding="same", use_bias=False, name="sep3")(x), "sep3")


def inception(x):
    x = normed(conv(x, 8, 3, "stem", strides=2, padding="valid"), "stem", scale=False)
    a = normed(conv(x, 4, 1, "a"), "a", scale=False)
    b = normed(conv(normed(conv(x, 4, 1, "b1"), "b1", scale=False), 6, (1, 5), "b2"), "b2", scale=False)
    b = normed(conv(b, 6, (5, 1), "b3"), "b3", scale=False)
    c = L.AveragePooling2D(3, strides=1, padding="same", name="mean")(x)
    c = normed(conv(c, 4, 1, "c"), "c", scale=False)
    x = L.Concatenate(name="mixed")([a, b, c])
    d = normed(conv(x, 8, 3, "d", strides=2, padding="valid"), "d", scale=False)
    return L.Concatenate(name="reduced")([d, L.MaxPooling2D(3, strides=2, name="pool")(x)])


def mobilenet(x):
    def relu6(x, name):
        return L.ReLU(6.0, name=name + "_relu")(x)

    x = relu6(normed(conv(x, 8, 3, "stem", strides=2), "stem", None), "stem")
    y = relu6(normed(conv(x, 16, 1, "e1"), "e1", None), "e1")
    y = relu6(normed(L.DepthwiseConv2D(3, padding="same", use_bias=False, name="d1")(y), "d1", None), "d1")
    x = L.Add(name="add")([x, normed(conv(y, 8, 1, "p1"), "p1", None)])
    y = relu6(normed(conv(x, 16, 1, "e2"), "e2", None), "e2")
    y = L.ZeroPadding2D(((0, 1), (0, 1)), name="pad")(y)
    y = L.DepthwiseConv2D(3, strides=2, padding="valid", use_bias=False, name="d2")(y)
    return normed(conv(relu6(normed(y, "d2", None), "d2"), 12, 1, "p2"), "p2", None)


def efficientnet(x):
    x = normed(conv(x, 8, 3, "stem", strides=2), "stem", "silu")
    y = normed(conv(x, 16, 1, "expand"), "expand", "silu")
    y = normed(L.DepthwiseConv2D(5, padding="same", use_bias=False, name="dw")(y), "dw", "silu")
    s = L.Reshape((1, 1, 16), name="reshape")(L.GlobalAveragePooling2D(name="squeeze")(y))
    s = conv(s, 4, 1, "reduce", bias=True, activation="silu")
    s = conv(s, 16, 1, "excite", bias=True, activation="sigmoid")
    y = normed(conv(L.Multiply(name="gate")([y, s]), 8, 1, "project"), "project", None)
    return L.Add(name="add")([L.Dropout(0.0, noise_shape=(None, 1, 1, 1), name="drop")(y), x])


def convnext(x):
    x = L.LayerNormalization(epsilon=1e-6, name="stem_norm")(
        conv(x, 8, 4, "stem", strides=4, padding="valid", bias=True))
    y = L.DepthwiseConv2D(7, padding="same", name="dw")(x)
    y = L.Dense(16, name="wide")(L.LayerNormalization(epsilon=1e-6, name="norm")(y))
    y = L.Dense(8, name="narrow")(L.Activation("gelu", name="gelu")(y))
    return L.Add(name="add")([x, y])


def penalized(x):
    r, c = keras.regularizers, keras.constraints
    x = conv(x, 8, 3, "stem", strides=2, bias=True, kernel_regularizer=r.L2(0.02), bias_regularizer=r.L1(0.03))
    x = L.BatchNormalization(
        name="stem_bn", momentum=0.9, gamma_regularizer=r.L1L2(0.01, 0.02), beta_regularizer=r.L2(0.05))(x)
    x = L.PReLU(shared_axes=[1, 2], name="prelu", alpha_regularizer=r.L2(0.04))(x)
    x = L.DepthwiseConv2D(3, padding="same", name="dw", depthwise_regularizer=r.L1(0.004))(x)
    x = L.SeparableConv2D(
        12, 3, padding="same", name="sep", depthwise_regularizer=r.L2(0.03), pointwise_regularizer=r.L1L2(0.002, 0.01))(x)
    x = L.Activation("relu", name="act")(x)
    x = L.Dense(10, name="mix", kernel_regularizer=r.L1L2(0.001, 0.02), bias_regularizer=r.L2(0.1))(x)
    # Layers that do not learn cost nothing.
    return conv(x, 6, 1, "held", bias=True, kernel_regularizer=r.L2(10.0))


FAMILIES = [resnet, vgg, xception, inception, mobilenet, efficientnet, convnext]
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(0.003),
}


def sampled(values):
    flat = np.asarray(values).reshape(-1)
    return [float(v) for v in flat[np.linspace(0, flat.size - 1, min(ELEMENTS, flat.size)).astype(int)]]


def run(family, optimizer, normalizes):
    image = keras.Input((SIZE, SIZE, 3), name="image")
    base = keras.Model(image, family(image), name=family.__name__)
    synthetic.fill(base, SEED)
    frozen = [] if normalizes else [l.name for l in base.layers if isinstance(l, L.BatchNormalization)]
    frozen += [l.name for l in base.layers if l.name == "held"]
    for layer in base.layers:
        layer.trainable = layer.name not in frozen
    x = L.GlobalAveragePooling2D(name="top_pool")(base.output)
    output = L.Dense(CLASSES, activation="softmax", kernel_initializer="zeros", name="dense")(x)
    model = keras.Model(image, output)
    model.compile(OPTIMIZERS[optimizer](), "categorical_crossentropy")
    x = synthetic.image_batch(SEED, SAMPLES, SIZE, SIZE)
    y = np.eye(CLASSES, dtype=np.float32)[np.arange(SAMPLES) % CLASSES]
    history = model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0).history
    tensors = {f"{layer.name}/{synthetic.role(layer, w)}": sampled(w) for layer in base.layers for w in layer.weights}
    head = model.get_layer("dense")
    return {
        "family": family.__name__, "optimizer": optimizer, "frozen": frozen,
        "loss": history["loss"], "tensors": tensors, "head": [sampled(w) for w in head.get_weights()],
    }


if __name__ == "__main__":
    architectures, runs = {}, []
    name = "penalties" if sys.argv[1:] == ["penalties"] else "expected"
    for family in [penalized] if name == "penalties" else FAMILIES:
        image = keras.Input((SIZE, SIZE, 3), name="image")
        architectures[family.__name__] = keras.Model(image, family(image), name=family.__name__).to_json()
        for optimizer in OPTIMIZERS:
            for normalizes in [True, False]:
                if not normalizes and family in (vgg, convnext):
                    continue
                runs.append(run(family, optimizer, normalizes))
    expected = {"architectures": architectures, "runs": runs}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".json"), "w") as file:
        json.dump(expected, file)
        file.write("\n")
