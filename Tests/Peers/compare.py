"""Ours against other engines: the same networks, the same synthetic weights, one table.

    make build
    python3 Tests/Peers/compare.py                       # every network, batch 1, 8, 32, one and two threads
    python3 Tests/Peers/compare.py resnet50:224 --batch 1 --threads 2 --rival "ONNX Runtime" --rival OpenVINO
    python3 Tests/Peers/compare.py efficientnet_b0:224 --zoo DIR --rival OpenVINO        # an entry that zoo draft made
    python3 Tests/Peers/compare.py --start-up            # process start to first features, and peak memory

Needs Python 3.10 or later; what it measures against is installed with pip into `.build/peers/venv` (or into the
environment that PEERS_VENV names) on the first run: `--rival` keeps that small. `torch.compile` needs a C++ compiler.
Weights come from a seed; archives and models are kept in `.build/peers`.

Every rival runs in a process of its own. Before anything is timed, its features of one image must agree with ours
within 1e-3 of the largest. Then the engines take turns, round after round. A round gives the median of its runs, and
every engine counts with its best round, because what else a machine does only ever adds time; look at the rounds on
standard error before trusting a row. Every engine computes in float32, with the batch size fixed where it can be and
its input already in the layout it likes. A row takes about (rivals + 1) x rounds x (seconds + a little) once the
models are made. Standard output is a Markdown table, `--json FILE` keeps the figures.
"""
import argparse
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import venv
import zlib

from engines import ENGINES, ROOT, SCRATCH, SEED

ZOO = ROOT / ".build" / "release" / "zoo"
DEFAULT = ["resnet50:224", "vgg16:224", "xception:224", "inception_v3:224", "xception:299", "inception_v3:299"]
OURS = "ours"
ENGINE = ROOT / "Tests" / "Peers" / "engines.py"


# Packages whose module has another name.
MODULES = {"pillow": "PIL", "scikit-learn": "sklearn"}


def inside_environment(rivals, others=()):
    """Starts anew with the scratch environment's Python, which is made, and filled, first if need be."""
    home = pathlib.Path(os.environ.get("PEERS_VENV", SCRATCH / "venv")).absolute()
    python = home / "bin" / "python"
    packages = sorted({package for rival in rivals for package in ENGINES[rival].packages} | {"numpy", "onnx", *others})
    if pathlib.Path(sys.prefix) != home:
        if not python.exists():
            venv.create(home, with_pip=True)
        os.execv(python, [str(python), *sys.argv])
    import importlib.util

    missing = [package for package in packages if importlib.util.find_spec(MODULES.get(package, package)) is None]
    if missing:
        subprocess.run([python, "-m", "pip", "install", "--quiet", *missing], check=True)


def archive_of(entry):
    archive = SCRATCH / f"{entry}.zoo.safetensors"
    if not archive.exists():
        weights = SCRATCH / f"{entry}.h5"
        more = ["--zoo", os.environ["PEERS_ZOO"]] if "PEERS_ZOO" in os.environ else []
        for words in (["synthesize", entry, "--seed", str(SEED), "-o", weights],
                      ["convert", weights, "--entry", entry, "-o", archive]):
            subprocess.run([ZOO, *words, *more, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        weights.unlink()
    return archive


def write_image(path, pixels):
    """An 8-bit RGB PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
                     + chunk(b"IEND", b""))


def prepared_image(entry, size):
    """An image on disk, and what preprocessing makes of it, `[1, H, W, 3]`, on disk too."""
    import numpy as np
    from onnx_export import load_entry

    path, prepared = SCRATCH / f"image-{size}.png", SCRATCH / f"prepared-{entry}-{size}.npy"
    pixels = np.random.default_rng(SEED).integers(0, 256, (size, size, 3), np.uint8)
    write_image(path, pixels)
    recipe = load_entry(entry)["preprocessing"]
    values = pixels.astype(np.float32)
    if recipe["channelOrder"] == "bgr":
        values = values[..., ::-1]
    values = (values / np.float32(recipe["divisor"]) - np.float32(recipe["mean"])) / np.float32(recipe["deviation"])
    np.save(prepared, np.ascontiguousarray(values[None], np.float32))
    return path, prepared


def model_of(name, entry, size, batch):
    """The model's file; a process of its own makes it, for some engines cannot be set up once they have run."""
    command = [sys.executable, ENGINE, "prepare", name, entry, size, batch]
    output = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout
    return output.strip().splitlines()[-1]


class Rival:
    """An engine in a process of its own."""

    def __init__(self, name, entry, size, batch, threads):
        self.name = name
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), TF_NUM_INTRAOP_THREADS=str(threads))
        model = model_of(name, entry, size, batch)
        words = [sys.executable, ENGINE, "serve", name, model, size, batch, threads]
        self.process = subprocess.Popen(list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=environment)

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.name}: ended early")
        return answer.strip()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def check_agreement(entry, size, rivals):
    """Every engine must compute the same features of one image."""
    import numpy as np

    path, prepared = prepared_image(entry, size)
    output = SCRATCH / "features.npy"
    subprocess.run([ZOO, "features", archive_of(entry), path, "--size", str(size), "-o", output, "--quiet",
                    "--no-cache"], check=True, stdout=subprocess.DEVNULL)
    ours = np.load(output)
    for name in rivals:
        rival = Rival(name, entry, size, 1, 2)
        rival.ask("features", prepared, output)
        rival.end()
        theirs = np.load(output)
        error = np.abs(ours - theirs).max() / np.abs(theirs).max()
        note(f"{entry}:{size}: ours and {name}'s features differ by {error:.1e} of the largest")
        if not error < 1e-3:
            sys.exit(f"{entry}: {name} computes other features")


def time_ours(entry, size, batch, threads, seconds):
    command = [ZOO, "bench", archive_of(entry), "--batch", batch, "--threads", threads, "--size", size,
               "--seconds", seconds, "--json", "--quiet"]
    result = json.loads(subprocess.run(map(str, command), check=True, stdout=subprocess.PIPE).stdout)
    return result["medianMillisecondsPerImage"]


def measure(entry, size, batch, threads, options):
    rivals = [Rival(name, entry, size, batch, threads) for name in options.rival]
    times = {OURS: []} | {rival.name: [] for rival in rivals}
    for rival in rivals:
        # Loading and compiling happen ahead of the first answer.
        rival.ask("time", 0)
    for _ in range(options.rounds):
        times[OURS].append(time_ours(entry, size, batch, threads, options.seconds))
        for rival in rivals:
            times[rival.name].append(float(rival.ask("time", options.seconds)) / batch)
    for rival in rivals:
        rival.end()
    row = {"network": entry, "size": size, "batch": batch, "threads": threads,
           **{name: min(values) for name, values in times.items()}}
    row["ratio"] = min(row[name] for name in options.rival) / row[OURS]
    note(f"{entry}:{size} batch {batch}, threads {threads}: " + ", ".join(
        f"{name} {' '.join(f'{value:.1f}' for value in values)}" for name, values in times.items())
        + f"; ratio {row['ratio']:.2f}")
    return row


def note(text):
    print(text, file=sys.stderr, flush=True)


def print_table(rows, rivals):
    names = [OURS, *rivals]
    print("| network | size | threads | batch | " + " | ".join(names) + " | best rival / ours |")
    print("| --- | ---: | ---: | ---: |" + " ---: |" * (len(names) + 1))
    for row in rows:
        cells = [row["network"], row["size"], row["threads"], row["batch"], *(f"{row[name]:.1f}" for name in names),
                 f"{row['ratio']:.2f}"]
        print("| " + " | ".join(map(str, cells)) + " |")


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
    """From process start to one image's features on disk. Rivals are spared decoding and preprocessing."""
    path, prepared = prepared_image(entry, size)
    output = SCRATCH / "features.npy"
    commands = {OURS: [ZOO, "features", archive_of(entry), path, "--size", size, "-o", output, "--quiet", "--no-cache"]}
    for name in options.rival:
        commands[name] = [sys.executable, ENGINE, "first", name, model_of(name, entry, size, 1), 2, prepared, output]
    results = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            results[name].append(run_process(command))
    return {name: tuple(map(statistics.median, zip(*values))) for name, values in results.items()}


def print_start(subjects, options):
    print("| network | size | engine | seconds to first features | times ours | peak memory, MB |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for entry, size in subjects:
        results = measure_start(entry, size, options)
        for name, (seconds, memory) in results.items():
            print(f"| {entry} | {size} | {name} | {seconds:.3f} | {seconds / results[OURS][0]:.1f} "
                  f"| {memory / 1e6:.0f} |", flush=True)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("networks", nargs="*", default=DEFAULT, metavar="ENTRY:SIZE")
    parser.add_argument("--batch", type=int, action="append", help="may be repeated; 1, 8 and 32 without")
    parser.add_argument("--threads", type=int, action="append", help="may be repeated; 2 and 1 without")
    parser.add_argument("--rival", choices=list(ENGINES), action="append", help="may be repeated; all without")
    parser.add_argument("--seconds", type=int, default=1, help="of a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--start-up", action="store_true")
    parser.add_argument("--zoo", metavar="DIR", help="also the entries in DIR")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    options.rival = options.rival or list(ENGINES)
    if options.zoo:
        os.environ["PEERS_ZOO"] = str(pathlib.Path(options.zoo).absolute())
    return options


def main():
    options = parsed()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    inside_environment(options.rival)
    subjects = [(entry, int(size)) for entry, size in (name.split(":") for name in options.networks)]
    for entry, size in subjects:
        check_agreement(entry, size, options.rival)
    if options.start_up:
        return print_start(subjects, options)
    rows = [measure(entry, size, batch, threads, options) for entry, size in subjects
            for threads in options.threads or [2, 1] for batch in options.batch or [1, 8, 32]]
    print_table(rows, options.rival)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
