"""Writes the entries that torchvision has and Keras has not: ResNet18 and 34, VGG11 and 13, VGG with batch normalisations, SqueezeNet 1.0.

    python3 zoo/make_torch_entries.py [ENTRY...]     # behind `make build`; needs Keras 3, in which they are built as torchvision builds them

Layers are named as Keras names those of its own ResNets and VGGs, and of SqueezeNet 1.1 those of its entry. The graph as written is
torchvision's but for SqueezeNet's poolings, which are the paper's. Behind it: make_torch.py."""
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ZOO = pathlib.Path(__file__).parent
TOOL = ZOO.parent / ".build/release/zoo"
LICENCE = "BSD-3-Clause (torchvision)"
RESNET = "Deep Residual Learning for Image Recognition; He, Zhang, Ren, Sun; 2015; https://arxiv.org/abs/1512.03385"
VGG = "Very Deep Convolutional Networks for Large-Scale Image Recognition; Simonyan, Zisserman; 2014; https://arxiv.org/abs/1409.1556"
RESNETS = {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3)}
SQUEEZENET = "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size; Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer; 2016; https://arxiv.org/abs/1602.07360"
VGGS = {"vgg11": (1, 1, 2, 2, 2), "vgg13": (2, 2, 2, 2, 2), "vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}


def resnet(name, blocks):
    import keras
    from keras import layers

    def normalised(x, filters, kernel, strides, title):
        if kernel == 3 and strides == 2:
            x = layers.ZeroPadding2D(1, name=f"{title}_pad")(x)
        padding = "valid" if strides == 2 or kernel == 1 else "same"
        x = layers.Conv2D(filters, kernel, strides=strides, padding=padding, use_bias=False, name=f"{title}_conv")(x)
        return layers.BatchNormalization(epsilon=1e-5, name=f"{title}_bn")(x)

    image = keras.Input((None, None, 3))
    x = layers.ZeroPadding2D(3, name="conv1_pad")(image)
    x = layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x)
    x = layers.BatchNormalization(epsilon=1e-5, name="conv1_bn")(x)
    x = layers.Activation("relu", name="conv1_relu")(x)
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stage, count in enumerate(blocks, 2):
        filters = 32 << (stage - 1)
        for block in range(1, count + 1):
            title, strides = f"conv{stage}_block{block}", 2 if block == 1 and stage > 2 else 1
            shortcut = normalised(x, filters, 1, strides, f"{title}_0") if strides == 2 else x
            y = normalised(x, filters, 3, strides, f"{title}_1")
            y = layers.Activation("relu", name=f"{title}_1_relu")(y)
            y = normalised(y, filters, 3, 1, f"{title}_2")
            x = layers.Add(name=f"{title}_add")([shortcut, y])
            x = layers.Activation("relu", name=f"{title}_out")(x)
    return keras.Model(image, x, name=name)


def vgg(name, blocks, has_normalisations):
    import keras
    from keras import layers

    image = keras.Input((None, None, 3))
    x = image
    for block, count in enumerate(blocks, 1):
        filters = min(512, 32 << block)
        for number in range(1, count + 1):
            title = f"block{block}_conv{number}"
            activation = None if has_normalisations else "relu"
            x = layers.Conv2D(filters, 3, padding="same", activation=activation, name=title)(x)
            if has_normalisations:
                x = layers.BatchNormalization(epsilon=1e-5, name=f"{title}_bn")(x)
                x = layers.Activation("relu", name=f"{title}_relu")(x)
        x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
    return keras.Model(image, x, name=name)


def squeezenet(name):
    import keras
    from keras import layers

    def convolution(x, filters, kernel, title, **options):
        x = layers.Conv2D(filters, kernel, name=title, **options)(x)
        return layers.Activation("relu", name=f"{title}_relu")(x)

    image = keras.Input((None, None, 3))
    x = convolution(image, 96, 7, "conv1", strides=2)
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for number in range(2, 10):
        narrow = 16 * (number // 2)
        x = convolution(x, narrow, 1, f"fire{number}_squeeze1x1")
        parts = [convolution(x, 4 * narrow, 1, f"fire{number}_expand1x1"), convolution(x, 4 * narrow, 3, f"fire{number}_expand3x3", padding="same")]
        x = layers.Concatenate(name=f"fire{number}_concat")(parts)
        if number in (4, 8):
            x = layers.MaxPooling2D(3, strides=2, name=f"pool{number}")(x)
    return keras.Model(image, x, name=name)


def networks():
    """Identifier, title, paper, and what builds it."""
    for name, blocks in RESNETS.items():
        yield name, name.replace("resnet", "ResNet"), RESNET, lambda name=name, blocks=blocks: resnet(name, blocks)
    for name, blocks in VGGS.items():
        title = name.replace("vgg", "VGG")
        if name in ("vgg11", "vgg13"):
            yield name, title, VGG, lambda name=name, blocks=blocks: vgg(name, blocks, False)
        yield name + "_bn", title + " with batch normalisations", VGG, lambda name=name, blocks=blocks: vgg(name + "_bn", blocks, True)
    yield "squeezenet_1.0", "SqueezeNet 1.0", SQUEEZENET, lambda: squeezenet("squeezenet_1_0")


def main():
    for identifier, title, paper, build in networks():
        if sys.argv[1:] and identifier not in sys.argv[1:]:
            continue
        target = ZOO / identifier / "model.json"
        (target.parent / "weights").mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "architecture.json"
            source.write_text(build().to_json())
            words = ["draft", source, "--identifier", identifier, "--title", title, "--paper", paper, "--licence", LICENCE,
                     "--preprocessing", "torch", "--size", "224", *([] if identifier == "squeezenet_1.0" else ["--minimum", "32"]), "-o", target]
            subprocess.run([TOOL, *map(str, words)], check=True)
        print(identifier, flush=True)


if __name__ == "__main__":
    main()
