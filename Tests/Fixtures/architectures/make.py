"""Architectures as model.to_json() writes them: Keras 3.15 (python make.py keras3) and tf_keras 2.21
(python make.py keras2).

What says nothing about the layers' arithmetic (initializers, regularizers, constraints, types) is taken out of the
large ones to keep them small; vgg16 and the hand-built ones are as written.
"""

import json
import pathlib
import sys

STYLE = sys.argv[1]
HERE = pathlib.Path(__file__).parent
if STYLE == "keras3":
    import keras
else:
    import tf_keras as keras
layers = keras.layers

NOISE = ("_initializer", "_regularizer", "_constraint", "dtype", "registered_name", "build_config", "module",
         "synchronized", "sparse", "ragged", "optional", "trainable", "renorm")


def thinned(value):
    if isinstance(value, dict):
        return {k: thinned(v) for k, v in value.items() if not k.endswith(NOISE)}
    return [thinned(v) for v in value] if isinstance(value, list) else value


def write(name, model, thin=False):
    text = model.to_json()
    if thin:
        text = json.dumps(thinned(json.loads(text)), separators=(",", ":"))
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def application(network, size):
    keras.backend.clear_session()
    return getattr(keras.applications, network)(weights=None, include_top=False, input_shape=(size, size, 3))


def squeezenet():
    """SqueezeNet 1.1 with the layer names of rcmalli/keras-squeezenet."""

    def fire(x, number, squeeze, expand):
        name = f"fire{number}/"
        x = layers.Conv2D(squeeze, 1, padding="valid", name=name + "squeeze1x1")(x)
        x = layers.Activation("relu", name=name + "relu_squeeze1x1")(x)
        a = layers.Conv2D(expand, 1, padding="valid", name=name + "expand1x1")(x)
        a = layers.Activation("relu", name=name + "relu_expand1x1")(a)
        b = layers.Conv2D(expand, 3, padding="same", name=name + "expand3x3")(x)
        b = layers.Activation("relu", name=name + "relu_expand3x3")(b)
        return layers.Concatenate(name=name + "concat")([a, b])

    x = start = layers.Input((227, 227, 3), name="input_layer")
    x = layers.Conv2D(64, 3, strides=2, padding="valid", name="conv1")(x)
    x = layers.Activation("relu", name="relu_conv1")(x)
    x = layers.MaxPooling2D(3, 2, name="pool1")(x)
    x = fire(fire(x, 2, 16, 64), 3, 16, 64)
    x = layers.MaxPooling2D(3, 2, name="pool3")(x)
    x = fire(fire(x, 4, 32, 128), 5, 32, 128)
    x = layers.MaxPooling2D(3, 2, name="pool5")(x)
    x = fire(fire(fire(fire(x, 6, 48, 192), 7, 48, 192), 8, 64, 256), 9, 64, 256)
    return keras.Model(start, x, name="squeezenet")


def inception_v3_v02():
    """InceptionV3 as deep-learning-models v0.2 built it (2016), with today's names for the same roles."""
    counts = {}

    def name(kind):
        counts[kind] = counts.get(kind, -1) + 1
        return f"{kind}_{counts[kind]}" if counts[kind] else kind

    def unit(x, filters, rows, columns, padding="same", strides=1):
        x = layers.Conv2D(filters, (rows, columns), strides=strides, padding=padding, activation="relu",
                          name=name("conv2d"))(x)
        return layers.BatchNormalization(epsilon=1e-5, name=name("batch_normalization"))(x)

    def max_pool(x):
        return layers.MaxPooling2D(3, 2, name=name("max_pooling2d"))(x)

    def average(x):
        return layers.AveragePooling2D(3, 1, padding="same", name=name("average_pooling2d"))(x)

    def join(branches, label):
        return layers.Concatenate(name=label)(branches)

    x = start = layers.Input((299, 299, 3), name="input_layer")
    x = unit(x, 32, 3, 3, "valid", 2)
    x = unit(x, 32, 3, 3, "valid")
    x = max_pool(unit(x, 64, 3, 3))
    x = unit(x, 80, 1, 1, "valid")
    x = max_pool(unit(x, 192, 3, 3, "valid"))
    for block in range(3):
        a = unit(x, 64, 1, 1)
        b = unit(unit(x, 48, 1, 1), 64, 5, 5)
        c = unit(unit(unit(x, 64, 1, 1), 96, 3, 3), 96, 3, 3)
        d = unit(average(x), 32, 1, 1)
        x = join([a, b, c, d], f"mixed{block}")
    a = unit(x, 384, 3, 3, "valid", 2)
    c = unit(unit(unit(x, 64, 1, 1), 96, 3, 3), 96, 3, 3, "valid", 2)
    x = join([a, c, max_pool(x)], "mixed3")
    for block, (width, first) in enumerate([(128, 128), (160, 160), (160, 160), (192, 160)], start=4):
        a = unit(x, 192, 1, 1)
        b = unit(unit(unit(x, width, 1, 1), width, 1, 7), 192, 7, 1)
        c = unit(unit(unit(x, first, 1, 1), width, 7, 1), width, 1, 7)
        c = unit(unit(c, width, 7, 1), 192, 1, 7)
        d = unit(average(x), 192, 1, 1)
        x = join([a, b, c, d], f"mixed{block}")
    a = unit(unit(x, 192, 1, 1), 320, 3, 3, "valid", 2)
    b = unit(unit(unit(unit(x, 192, 1, 1), 192, 1, 7), 192, 7, 1), 192, 3, 3, "valid", 2)
    c = layers.AveragePooling2D(3, 2, name=name("average_pooling2d"))(x)
    x = join([a, b, c], "mixed8")
    for block in range(2):
        a = unit(x, 320, 1, 1)
        b = unit(x, 384, 1, 1)
        b = join([unit(b, 384, 1, 3), unit(b, 384, 3, 1)], f"mixed9_{block}")
        c = unit(unit(x, 448, 1, 1), 384, 3, 3)
        c = join([unit(c, 384, 1, 3), unit(c, 384, 3, 1)], "concatenate_1" if block else "concatenate")
        d = unit(average(x), 192, 1, 1)
        x = join([a, b, c, d], f"mixed{9 + block}")
    return keras.Model(start, x, name="inception_v3")


def sequential():
    """Every layer a simple classifier may hold."""
    return keras.Sequential([
        layers.Input((32, 48, 3)), layers.ZeroPadding2D(((1, 0), (0, 2)), name="pad"),
        layers.SeparableConv2D(8, 3, activation="tanh", name="sep"), layers.ReLU(name="relu"),
        layers.BatchNormalization(name="bn"), layers.AveragePooling2D(2, name="pool"),
        layers.Dropout(0.25, name="drop"),
        layers.Flatten(name="flat"), layers.Dense(5, activation="sigmoid", name="hidden"),
        layers.Dense(2, activation="softmax", use_bias=False, name="classes"),
    ], name="small")


def unsupported():
    """Layers that an entry cannot describe."""
    start = layers.Input((32, 32, 3), name="input_layer")
    x = layers.Conv2D(8, 3, dilation_rate=2, name="dilated")(start)
    x = layers.Conv2D(8, 3, activation="elu", groups=2, name="grouped")(x)
    x = layers.DepthwiseConv2D(3, name="depthwise")(x)
    x = layers.BatchNormalization(axis=1, name="rows")(x)
    x = layers.ReLU(max_value=6, name="relu6")(x)
    shared = layers.Conv2D(8, 3, padding="same", name="shared")
    x = shared(shared(x))
    return keras.Model(start, x, name="unsupported")


if STYLE == "keras3":
    write("vgg16", application("VGG16", 224))
    write("resnet50", application("ResNet50", 224), thin=True)
    write("xception", application("Xception", 299), thin=True)
    write("inception_v3", application("InceptionV3", 299), thin=True)
    write("mobilenet_v2", application("MobileNetV2", 224), thin=True)
else:
    write("squeezenet", squeezenet(), thin=True)
    write("inception_v3_v02", inception_v3_v02(), thin=True)
    write("xception_keras2", application("Xception", 299), thin=True)
keras.backend.clear_session()
write(f"sequential_{STYLE}", sequential())
write(f"unsupported_{STYLE}", unsupported())
