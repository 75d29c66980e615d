"""Would 8-bit integers pay on AVX2? What they do to features and heads, and the most they could save.

    make build
    python3 Tests/Peers/int8.py --weights squeezenet.h5 --images images    # both tables
    python3 Tests/Peers/int8.py                                                # the second alone

`--weights` is a Keras HDF5 file of squeezenet without its top, in TensorFlow's kernel order; `--images` a folder with
a folder of images for each class. Environment and archives are those of `compare.py`.

Accuracy: every convolution but the first takes activations of 8 bits without sign, one scale for a tensor, the largest
of CALIBRATION images that every split trains on; weights have a scale for every output channel. Integers and their
sums are exact here. The first convolution's input is the image, which has 8 bits already. Weights of 7 bits are what
AVX2 can use: the sums of two products in vpmaddubsw end at 16 bits, which 8-bit weights overrun.

Speed: float32 is the best of a few rounds for each step of `zoo bench --profile`, one thread. 8 bits are given the
benefit of every doubt: every step with convolutions (depthwise ones too) at a fixed share of the rate at which
vpmaddubsw, vpmaddwd and vpaddd run from registers, and going from one to the other between steps costs nothing. That
rate is twice that of float32's multiply-adds: four times as many products, two multiplying instructions for one.
"""
import argparse
import json
import pathlib
import subprocess

from compare import ZOO, archive_of, inside_environment, note
from engines import SCRATCH

NETWORKS = ["resnet50", "vgg16", "xception", "inception_v3"]
# 230 against 116 GFLOP/s of FMA on one core of an AMD EPYC.
INTEGERS_TO_FLOATS = 230 / 116
SHARE_OF_CEILING = 0.85
CALIBRATION = 64
LARGEST_ACTIVATION = 255
# float32 adds integers exactly up to here.
EXACT = 2 ** 24
BATCH = 8


def load_images(folder, recipe, size):
    """Preprocessed images `[N, 3, H, W]` and the number of each one's class."""
    import numpy as np
    from PIL import Image

    classes = sorted(path for path in folder.iterdir() if path.is_dir())
    images, labels = [], []
    for label, path in ((label, path) for label, kind in enumerate(classes) for path in sorted(kind.iterdir())):
        image = Image.open(path).convert("RGB").resize((size, size), Image.Resampling.NEAREST)
        values = np.asarray(image, np.float32)
        values = values[..., ::-1] if recipe["channelOrder"] == "bgr" else values
        values = (values / recipe["divisor"] - recipe["mean"]) / recipe["deviation"]
        images.append(values.transpose(2, 0, 1).astype(np.float32))
        labels.append(label)
    return np.stack(images), np.array(labels)


def load_network(weights):
    """The network of `torch_export.py` with a file's weights."""
    import h5py
    import torch
    from torch_export import Network

    class Trained(Network):
        def tensor(self, layer, role, *shape):
            group = file[layer["name"]]
            name = group.attrs["weight_names"][["kernel", "bias"].index(role)]
            values = torch.from_numpy(group[name][()])
            assert tuple(values.shape) == shape, f"{layer['name']}: expected {shape}, found {tuple(values.shape)}"
            return values

    with h5py.File(weights, "r") as file:
        return Trained("squeezenet", None).eval()


def quantise_weights(convolution, bits):
    """Whole numbers and what one is worth, for each output channel."""
    largest = 2 ** (bits - 1) - 1
    kernel = convolution.weight.data
    scale = kernel.abs().amax((1, 2, 3), keepdim=True).clamp_min(1e-30) / largest
    return (kernel / scale).round(), scale


def integer_convolution(convolution, bits, largest_input):
    """What takes the place of a convolution; without `largest_input` its input is not rounded."""
    import torch

    kernel, scale = quantise_weights(convolution, bits)
    step = largest_input / LARGEST_ACTIVATION if largest_input else 1.0
    assert kernel.abs().sum((1, 2, 3)).max() * LARGEST_ACTIVATION < EXACT, "float32 might round the sums"

    def run(images):
        if largest_input:
            images = (images / step).round_().clamp_(0, LARGEST_ACTIVATION)
        sums = torch.nn.functional.conv2d(images, kernel, None, convolution.stride)
        return sums.mul_(scale.reshape(1, -1, 1, 1) * step).add_(convolution.bias.reshape(1, -1, 1, 1))

    return run


def features(network, images):
    import torch

    with torch.inference_mode():
        return torch.cat([network(images[start:start + BATCH]) for start in range(0, len(images), BATCH)]).numpy()


def quantised_features(network, images, calibration, bits):
    """Features with every convolution in whole numbers, scales from the images `calibration`."""
    import torch

    convolutions = [module for module in network.modules() if isinstance(module, torch.nn.Conv2d)]
    largest = {}

    def remember(module, inputs):
        largest[module] = max(largest.get(module, 0.0), float(inputs[0].max()))

    hooks = [module.register_forward_pre_hook(remember) for module in convolutions]
    features(network, images[calibration])
    for hook in hooks:
        hook.remove()
    for module in convolutions:
        module.forward = integer_convolution(module, bits, None if module is convolutions[0] else largest[module])
    result = features(network, images)
    for module in convolutions:
        del module.forward
    return result


def fit_head(values, labels):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(values, labels)


def study_accuracy(options):
    """Prints, for each kind of number, the accuracy of heads over a few splits 80 to 20."""
    import numpy as np
    import torch
    from onnx_export import load_entry
    from sklearn.model_selection import train_test_split

    entry = load_entry("squeezenet")
    images, labels = load_images(options.images, entry["preprocessing"], entry["defaultSize"][0])
    images, network = torch.from_numpy(images), load_network(options.weights)
    everything, held_out = np.arange(len(labels)), len(labels) // 5
    others, calibration = train_test_split(everything, test_size=CALIBRATION, stratify=labels, random_state=0)
    exact = features(network, images)
    found = {"float32": exact} | {
        f"{bits}-bit weights": quantised_features(network, images, calibration, bits) for bits in (8, 7)}
    rows = {name: [] for name in found}
    for seed in options.seed:
        _, test = train_test_split(others, test_size=held_out, stratify=labels[others], random_state=seed)
        train = np.setdiff1d(everything, test)
        original = fit_head(exact[train], labels[train])
        for name, values in found.items():
            head = fit_head(values[train], labels[train])
            answers = original.predict(values[test])
            rows[name].append([
                head.score(values[test], labels[test]), (answers == labels[test]).mean(),
                (answers != original.predict(exact[test])).mean(), np.abs(values - exact).max() / np.abs(exact).max()])
            note(f"seed {seed}, {name}: " + ", ".join(f"{value:.4f}" for value in rows[name][-1]))
    print(f"{len(labels)} images, {len(set(labels))} classes, the mean of {len(options.seed)} splits:\n")
    print("| convolutions | head trained on these features | each split | head trained on float32's "
          "| answers that differ | largest difference / largest feature |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for name, values in rows.items():
        own, original, changed, _ = np.mean(values, 0)
        each = " ".join(f"{value[0]:.1%}" for value in values)
        print(f"| {name} | {own:.2%} | {each} | {original:.2%} | {changed:.2%} | {max(v[3] for v in values):.3f} |")
    print()


def profile(archive, options):
    """`[algorithm, operations in millions, milliseconds]` of every step, and the multiply-adds' peak in GFLOP/s."""
    command = [ZOO, "bench", archive, "--profile", "--json", "--quiet", "--threads", "1", "--seconds", options.seconds]
    steps, peak = None, 0.0
    for _ in range(options.rounds):
        result = json.loads(subprocess.run(map(str, command), check=True, stdout=subprocess.PIPE).stdout)
        times = [step["medianMilliseconds"] for step in result["steps"]]
        peak = max(peak, result["peakGigaflopsPerSecond"])
        if steps is None:
            steps = [[step["algorithm"], step["gigaflopsPerSecond"] * time, time]
                     for step, time in zip(result["steps"], times)]
        for step, time in zip(steps, times):
            step[2] = min(step[2], time)
    return steps, peak


def study_speed(options):
    """Prints, for each network and algorithm, the time in float32, in 8 bits, and in the better one step by step."""
    print("| network | steps | float32, ms | 8 bits at best, ms | better of both, ms | steps that gain | gain |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for entry in NETWORKS:
        steps, peak = profile(archive_of(entry), options)
        rate = peak * options.ratio * SHARE_OF_CEILING
        note(f"{entry}: float32 at best {peak:.0f} GFLOP/s, 8 bits taken to run at {rate:.0f} GOP/s")
        rows = {}
        for algorithm, operations, time in steps:
            integer = time if algorithm in ("pooling", "copy") else operations / rate
            for name in (algorithm, "all"):
                rows.setdefault(name, []).append((time, integer, min(time, integer)))
        rows["all"] = rows.pop("all")
        for name, times in rows.items():
            float32, integer, better = map(sum, zip(*times))
            gaining = sum(best < time for time, _, best in times)
            print(f"| {entry} | {name} | {float32:.1f} | {integer:.1f} | {better:.1f} | {gaining} of {len(times)} "
                  f"| {float32 / better:.2f} |")


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--weights", type=pathlib.Path)
    parser.add_argument("--images", type=pathlib.Path)
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2, 3, 7], help="of a split")
    parser.add_argument("--ratio", type=float, default=INTEGERS_TO_FLOATS,
                        help="what 8 bits' ceiling is to float32's; about 4 where the processor has VNNI")
    parser.add_argument("--seconds", type=int, default=1, help="of a round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if (options.weights is None) != (options.images is None):
        parser.error("--weights and --images go together")
    return options


def main():
    options = parsed()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    if options.weights:
        inside_environment([], ["torch", "h5py", "pillow", "scikit-learn"])
        study_accuracy(options)
    study_speed(options)


if __name__ == "__main__":
    main()
