"""What Keras prints for each network: keras3 with Keras 3.15, keras2 with tf_keras 2.21.

Run once for each, for the two cannot share a process, and once for a narrow terminal:
COLUMNS=120 python make.py keras3; COLUMNS=80 python make.py keras3_80; python make.py keras2
"""

import pathlib
import sys

STYLE = sys.argv[1]
HERE = pathlib.Path(__file__).parent
if STYLE.startswith("keras3"):
    import keras
else:
    import tf_keras as keras

SIZES = {"ResNet50": 224, "VGG16": 224, "Xception": 299, "InceptionV3": 299}
NAMES = {"ResNet50": "resnet50", "VGG16": "vgg16", "Xception": "xception", "InceptionV3": "inception_v3"}


def write(name, model, last=None):
    lines = []
    model.summary(print_fn=lambda text, **_: lines.append(text))
    lines = "\n".join(lines).rstrip("\n").split("\n")
    text = "\n".join(lines[-last:] if last else lines) + "\n"
    (HERE / f"{name}.{STYLE}.txt").write_text(text, encoding="utf-8")


def backbone(network, size):
    keras.backend.clear_session()
    shape = (size, size, 3)
    return getattr(keras.applications, network)(weights=None, include_top=False, input_shape=shape)


if STYLE == "keras3_80":
    write("xception", backbone("Xception", 299))
    sys.exit()

for network, size in SIZES.items():
    write(NAMES[network], backbone(network, size))

# Any size: the extents stay open.
write("vgg16_open", backbone("VGG16", None))

# A head of two classes on a frozen backbone: the last lines.
base = backbone("ResNet50", 224)
base.trainable = False
x = keras.layers.GlobalAveragePooling2D(name="pool")(base.output)
x = keras.layers.Dense(2, activation="softmax", name="classes")(x)
write("resnet50_head", keras.Model(base.input, x, name="cats_and_dogs"), last=16)

# The same as tutorials nest it: the backbone is one layer.
if STYLE == "keras2":
    for name, pooling, first in (("resnet50_nested", "avg", []), ("vgg16_nested", None, [keras.layers.Flatten()])):
        keras.backend.clear_session()
        network = keras.applications.ResNet50 if pooling else keras.applications.VGG16
        base = network(weights=None, include_top=False, input_shape=(224, 224, 3), pooling=pooling)
        base.trainable = False
        layers = [keras.layers.Dense(256, activation="relu"), keras.layers.Dropout(0.5)]
        write(name, keras.Sequential([base, *first, *layers, keras.layers.Dense(4, activation="softmax")]))
