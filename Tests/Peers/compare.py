"""Ours against ONNX Runtime and OpenVINO: the same networks, the same synthetic weights, one table.

    make build
    python3 Tests/Peers/compare.py                       # every network, batch 1, 8, 32, one and two threads
    python3 Tests/Peers/compare.py resnet50:224 --batch 1 --threads 2 --seconds 3
    python3 Tests/Peers/compare.py --start-up            # process start to first features, and peak memory

Needs Python 3.10 or later; what it measures against is installed with pip into `.build/peers/venv` on the first run.
Weights come from a seed; archives and ONNX models are kept in `.build/peers`.

Before anything is timed, the features of one picture must agree within 1e-3 of the largest. Then the engines take
turns, round after round. A round gives the median of its runs, and every engine counts with its best round, because
what else a machine does only ever adds time; look at the rounds on standard error before trusting a row. Every engine
computes in float32. Rivals run with the batch size fixed in the model and their input already in the layout they like. ONNX Runtime uses all its graph optimisations, OpenVINO its latency
hint. Standard output is a Markdown table, `--json FILE` keeps the figures.
"""
import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import time
import venv
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRATCH = ROOT / ".build" / "peers"
ZOO = ROOT / ".build" / "release" / "zoo"
PACKAGES = ["numpy", "onnx", "onnxruntime", "openvino"]
DEFAULT = ["resnet50:224", "vgg16:224", "xception:224", "inception_v3:224", "xception:299", "inception_v3:299"]
SEED = 1


def inside_environment():
    """Starts anew with the scratch environment's Python, which is made first if it is missing."""
    home = SCRATCH / "venv"
    python = home / "bin" / "python"
    if pathlib.Path(sys.prefix) == home or os.environ.get("PEERS_PYTHON") == sys.executable:
        return
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def archive_of(entry):
    archive = SCRATCH / f"{entry}.zoo.safetensors"
    if not archive.exists():
        weights = SCRATCH / f"{entry}.h5"
        subprocess.run([ZOO, "synthesize", entry, "--seed", str(SEED), "-o", weights, "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([ZOO, "convert", weights, "-o", archive, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        weights.unlink()
    return archive


def model_of(entry, size, batch):
    from onnx_export import export

    path = SCRATCH / f"{entry}-{size}-{batch}.onnx"
    if not path.exists():
        export(entry, path, SEED, batch, size)
    return path


class OnnxRuntime:
    name = "ONNX Runtime"

    def __init__(self, model, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def features(self, images):
        return self.session.run(None, {self.input: images})[0]


class OpenVINO:
    name = "OpenVINO"

    def __init__(self, model, threads):
        import openvino

        self.request = openvino.Core().compile_model(str(model), "CPU", {
            "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()

    def features(self, images):
        return next(iter(self.request.infer([images]).values()))


RIVALS = [OnnxRuntime, OpenVINO]


def write_picture(path, pixels):
    """An 8-bit RGB PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
                     + chunk(b"IEND", b""))


def picture(size):
    import numpy as np

    path = SCRATCH / f"picture-{size}.png"
    pixels = np.random.default_rng(SEED).integers(0, 256, (size, size, 3), np.uint8)
    write_picture(path, pixels)
    return path, pixels


def preprocessed(pixels, entry):
    import numpy as np
    from onnx_export import load_entry

    recipe = load_entry(entry)["preprocessing"]
    values = pixels.astype(np.float32)
    if recipe["channelOrder"] == "bgr":
        values = values[..., ::-1]
    values = (values / np.float32(recipe["divisor"]) - np.float32(recipe["mean"])) / np.float32(recipe["deviation"])
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def check_agreement(entry, size):
    """Every engine must compute the same features of one picture."""
    import numpy as np

    path, pixels = picture(size)
    output = SCRATCH / "features.npy"
    subprocess.run([ZOO, "features", archive_of(entry), path, "--size", str(size), "-o", output, "--quiet", "--no-cache"],
                   check=True, stdout=subprocess.DEVNULL)
    ours = np.load(output)
    for rival in RIVALS:
        theirs = rival(model_of(entry, size, 1), 2).features(preprocessed(pixels, entry))
        error = np.abs(ours - theirs).max() / np.abs(theirs).max()
        note(f"{entry}:{size}: ours and {rival.name}'s features differ by {error:.1e} of the largest")
        if not error < 1e-3:
            sys.exit(f"{entry}: {rival.name} computes other features")


def time_ours(entry, size, batch, threads, seconds):
    command = [ZOO, "bench", archive_of(entry), "--batch", batch, "--threads", threads, "--size", size,
               "--seconds", seconds, "--json", "--quiet"]
    result = json.loads(subprocess.run(map(str, command), check=True, stdout=subprocess.PIPE).stdout)
    return result["medianMillisecondsPerImage"]


def time_rival(engine, images, seconds):
    """As `zoo bench` times: one round that does not count, then at least five and so many seconds."""
    engine.features(images)
    times = []
    while len(times) < 5 or sum(times) < seconds:
        start = time.perf_counter()
        engine.features(images)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000 / len(images)


def measure(entry, size, batch, threads, options):
    from onnx_export import images

    pixels = images(SEED, batch, size)
    engines = [rival(model_of(entry, size, batch), threads) for rival in RIVALS]
    times = {"ours": []} | {engine.name: [] for engine in engines}
    for _ in range(options.rounds):
        times["ours"].append(time_ours(entry, size, batch, threads, options.seconds))
        for engine in engines:
            times[engine.name].append(time_rival(engine, pixels, options.seconds))
    row = {"network": entry, "size": size, "batch": batch, "threads": threads,
           **{name: min(values) for name, values in times.items()}}
    row["ratio"] = min(row[rival.name] for rival in RIVALS) / row["ours"]
    note(f"{entry}:{size} batch {batch}, threads {threads}: " + ", ".join(
        f"{name} {' '.join(f'{value:.1f}' for value in values)}" for name, values in times.items())
        + f"; ratio {row['ratio']:.2f}")
    return row


def note(text):
    print(text, file=sys.stderr, flush=True)


def print_table(rows):
    names = ["ours", *(rival.name for rival in RIVALS)]
    print("| network | size | threads | batch | " + " | ".join(names) + " | best rival / ours |")
    print("| --- | ---: | ---: | ---: |" + " ---: |" * (len(names) + 1))
    for row in rows:
        cells = [row["network"], row["size"], row["threads"], row["batch"], *(f"{row[name]:.1f}" for name in names),
                 f"{row['ratio']:.2f}"]
        print("| " + " | ".join(map(str, cells)) + " |")


FIRST_FEATURES = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy
import compare
engine = {rival.name: rival for rival in compare.RIVALS}[sys.argv[2]](sys.argv[3], 2)
numpy.save(sys.argv[5], engine.features(numpy.load(sys.argv[4])))
"""


# A process's peak memory includes what its parent held when it started it, so a small one stands between.
STARTED = """
import os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(process.returncode, time.perf_counter() - start, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def run_process(command):
    """Seconds and peak resident bytes of a whole process."""
    wrapped = [sys.executable, "-S", "-c", STARTED, *map(str, command)]
    code, seconds, memory = subprocess.run(wrapped, check=True, stdout=subprocess.PIPE).stdout.split()
    if int(code) != 0:
        sys.exit(f"{command[0]} failed")
    return float(seconds), int(memory)


def measure_start(entry, size, options):
    """From process start to one picture's features on disk. Rivals are spared decoding and preprocessing."""
    import numpy as np

    path, pixels = picture(size)
    prepared, output = SCRATCH / "prepared.npy", SCRATCH / "features.npy"
    np.save(prepared, preprocessed(pixels, entry))
    commands = {"ours": [ZOO, "features", archive_of(entry), path, "--size", size, "-o", output, "--quiet",
                         "--no-cache"]}
    for rival in RIVALS:
        commands[rival.name] = [sys.executable, "-c", FIRST_FEATURES, ROOT / "Tests" / "Peers", rival.name,
                                model_of(entry, size, 1), prepared, output]
    results = {name: [] for name in commands}
    for _ in range(max(5, options.rounds)):
        for name, command in commands.items():
            results[name].append(run_process(command))
    return {name: tuple(map(statistics.median, zip(*values))) for name, values in results.items()}


def print_start(subjects, options):
    print("| network | size | engine | seconds to first features | peak memory, MB |")
    print("| --- | ---: | --- | ---: | ---: |")
    for entry, size in subjects:
        for name, (seconds, memory) in measure_start(entry, size, options).items():
            print(f"| {entry} | {size} | {name} | {seconds:.2f} | {memory / 1e6:.0f} |", flush=True)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("networks", nargs="*", default=DEFAULT, metavar="ENTRY:SIZE")
    parser.add_argument("--batch", type=int, action="append")
    parser.add_argument("--threads", type=int, action="append")
    parser.add_argument("--seconds", type=int, default=1, help="of a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--start-up", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    return parser.parse_args()


def main():
    options = parsed()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    inside_environment()
    subjects = [(entry, int(size)) for entry, size in (name.split(":") for name in options.networks)]
    for entry, size in subjects:
        check_agreement(entry, size)
    if options.start_up:
        return print_start(subjects, options)
    rows = [measure(entry, size, batch, threads, options) for entry, size in subjects
            for threads in options.threads or [2, 1] for batch in options.batch or [1, 8, 32]]
    print_table(rows)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
