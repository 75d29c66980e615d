"""Compares features in shards, a process and a thread for each processor, with one process that has as many threads.

    python3 Tests/Engines/efficiency.py ARCHIVE IMAGES [ROUNDS]

The two ways alternate; wall times are of whole processes, the merge included, and the merged file must be that of the one process.
"""

import filecmp
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ZOO = os.environ.get("ZOO", os.path.join(ROOT, ".build", "release", "zoo"))


def features(archive, images, threads, output, *shard):
    words = [ZOO, "features", archive, images, "-q", "--no-cache", "--threads", str(threads), "-o", output, *shard]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL)


def one_process(archive, images, workers, place):
    assert features(archive, images, workers, f"{place}/one.safetensors").wait() == 0


def shards(archive, images, workers, place):
    shutil.rmtree(f"{place}/shards", ignore_errors=True)
    running = [features(archive, images, 1, f"{place}/shards", "--shard", f"{number}/{workers}") for number in range(workers)]
    assert all(process.wait() == 0 for process in running)
    subprocess.run([ZOO, "merge", f"{place}/shards", "-q", "-o", f"{place}/merged.safetensors"], check=True, stdout=subprocess.DEVNULL)


def main():
    archive, images = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    workers = os.cpu_count()
    times = {one_process: [], shards: []}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(rounds):
            for way, seconds in times.items():
                start = time.monotonic()
                way(archive, images, workers, place)
                seconds.append(time.monotonic() - start)
        assert filecmp.cmp(f"{place}/one.safetensors", f"{place}/merged.safetensors", shallow=False)
    one, many = (statistics.median(seconds) for seconds in times.values())
    ratios = sorted(a / b for a, b in zip(*times.values()))
    print(f"one process of {workers} threads: {one:.2f} s; {workers} shards of one thread and the merge: {many:.2f} s; "
          f"efficiency {statistics.median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}, {rounds} rounds)")


if __name__ == "__main__":
    main()
