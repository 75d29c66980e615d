"""What fine-tuning gains over the frozen backbone: the same head, split and epochs, over five seeds.

    make build
    python3 Tests/Parity/fine_tuning_seeds.py PHOTOGRAPHS WEIGHTS.h5 LAYER [--seeds 5] [--epochs 12] [--size 224]

PHOTOGRAPHS has a folder a class; WEIGHTS.h5 are trained weights, of ImageNet as a rule; LAYER is the first layer that is
trained. Every seed has a split of its own, a fifth of the photographs to judge by, and both ways get the same. The head is
trained for four epochs before the backbone's layers are, at a hundredth of its learning rate. The figure is the validation
accuracy after the last epoch, not the best of all; a difference within the spread of its pairs is none.
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def accuracy(tool, options, folder, seed, *more):
    command = [
        tool, "train", "--backbone", folder / "a.zoo.safetensors", "--data", options.photographs, "--validation-split", "0.2",
        "--size", options.size, "--seed", seed, "--head", "linear", "--epochs", options.epochs, "--cache", folder / "cache",
        "--no-report", "--quiet", "-o", folder / "b.zoo.safetensors", *more]
    result = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
    return float(re.search(r"val_accuracy ([0-9.]+)", result.stdout)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("photographs", type=pathlib.Path)
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("layer")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--size", type=int, default=224)
    options = parser.parse_args()
    tuned = ["--unfreeze", options.layer, "--head-epochs", 4, "--backbone-learning-rate", "1e-5"]
    pairs = []
    print("| seed | frozen | fine-tuned |\n| ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([options.tool, "convert", options.weights, "-o", folder / "a.zoo.safetensors", "--quiet"], check=True)
        for seed in range(options.seeds):
            pairs.append([accuracy(options.tool, options, folder, seed, *more) for more in ((), tuned)])
            print(f"| {seed} | {pairs[-1][0]:.4f} | {pairs[-1][1]:.4f} |", flush=True)
    gains = [after - before for before, after in pairs]
    for words, values in (("frozen", [pair[0] for pair in pairs]), ("fine-tuned", [pair[1] for pair in pairs]), ("gain", gains)):
        print(f"{words}: mean {statistics.mean(values):.4f}, standard deviation {statistics.stdev(values):.4f}")


if __name__ == "__main__":
    main()
