"""Measures how much of a slow file system's latency reading ahead hides: zoo features on images whose opening takes 20 ms each.

    python3 Tests/Engines/latency.py ARCHIVE FOLDER [ZOO...]

Compiles latency.c with cc and preloads it. Several programs can be compared. The features must be the same with and without.
Linux alone.
"""

import filecmp
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def run(zoo, archive, folder, threads, output, preload):
    """Seconds and largest resident memory in MB."""
    environment = dict(os.environ, **({"LD_PRELOAD": preload} if preload else {}))
    words = [zoo, "features", archive, folder, "-q", "--no-cache", "--threads", str(threads), "-o", output]
    start = time.monotonic()
    child = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{' '.join(words)}: failed")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    archive, folder = sys.argv[1:3]
    programs = sys.argv[3:] or [os.path.join(ROOT, ".build", "release", "zoo")]
    with tempfile.TemporaryDirectory() as place:
        shim = os.path.join(place, "latency.so")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", shim, os.path.join(HERE, "latency.c"), "-ldl"], check=True)
        first = None
        print("program | threads | latency ms | seconds | CPU seconds | largest memory MB")
        for zoo in programs:
            for threads in [1, 2]:
                for preload in [None, shim]:
                    output = os.path.join(place, f"{programs.index(zoo)}-{threads}-{bool(preload)}.npy")
                    seconds, processor, memory = run(zoo, archive, folder, threads, output, preload)
                    print(f"{zoo} | {threads} | {20 if preload else 0} | {seconds:.2f} | {processor:.2f} | {memory:.0f}", flush=True)
                    first = first or output
                    if not filecmp.cmp(first, output, shallow=False):
                        sys.exit("the features are not the same")


main()
