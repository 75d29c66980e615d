"""Runs the same shard command as tasks of GNU parallel (by a command line, and by the script that zoo prints), xargs, Ray, Dask and
PySpark, and compares what is merged.

    python3 Tests/Engines/engines.py [ENGINE...]

Each is installed by its user (pip install ray dask distributed pyspark; Spark needs a Java runtime); one that is missing is said.
The first task of every engine is killed once, and two tasks compute one shard at a time: the merged file must be, byte for byte,
that of one process.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ZOO = os.environ.get("ZOO", os.path.join(ROOT, ".build", "release", "zoo"))
SHARDS = 6


def command(place, shard, folder):
    """The one command of a shard, as a list of words."""
    return [ZOO, "features", f"{place}/network.zoo.safetensors", f"{place}/images", "-q", "--no-cache", "--threads", "1",
            "--size", "128", "--shard", f"{shard}/{SHARDS}", "-o", folder]


def compute(place, shard, folder):
    """A task: killed soon after its start the first time, it is run again, as engines do with tasks that fail."""
    words = command(place, shard, folder)
    if shard == 0:
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.05)
        process.kill()
        process.wait()
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def tasks():
    """Every shard, one of them twice."""
    return list(range(SHARDS)) + [SHARDS - 1]


def with_parallel(place, folder):
    words = command(place, "{}", folder)
    numbers = "".join(f"{shard}\n" for shard in tasks())
    subprocess.run(["parallel", "-j", "2", "--retries", "3"] + words, input=numbers, text=True, check=True, capture_output=True)


def with_script(place, folder):
    """The script that zoo prints for GNU parallel; what it merges itself is compared, too."""
    words = command(place, 0, folder)
    at = words.index("--shard")
    words = ["features", *words[2:at], *words[at + 2:]]
    text = subprocess.run([ZOO, "script", "parallel", "--shards", str(SHARDS), "--cpus", "1", "--merge", f"{folder}.npy", "--", *words],
                          check=True, capture_output=True, text=True).stdout
    path = f"{os.path.dirname(ZOO)}:{os.environ['PATH']}"
    subprocess.run(["sh", "-c", text], check=True, capture_output=True, env={**os.environ, "PATH": path})
    assert os.path.exists(f"{folder}.npy")


def with_xargs(place, folder):
    words = command(place, "{}", folder)
    numbers = "".join(f"{shard}\n" for shard in tasks())
    subprocess.run(["xargs", "-P", "2", "-I", "{}"] + words, input=numbers, text=True, check=True, capture_output=True)


def with_ray(place, folder):
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    task = ray.remote(max_retries=2)(compute)
    ray.get([task.remote(place, shard, folder) for shard in tasks()])
    ray.shutdown()


def with_dask(place, folder):
    from dask.distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        client.gather(client.map(compute, [place] * len(tasks()), tasks(), [folder] * len(tasks()), pure=False))


def with_pyspark(place, folder):
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    numbers = session.sparkContext.parallelize(tasks(), len(tasks()))
    numbers.map(lambda shard: compute(place, shard, folder)).collect()
    session.stop()


def is_missing(engine):
    if engine in ("parallel", "xargs", "script"):
        return shutil.which("parallel" if engine == "script" else engine) is None
    try:
        __import__(engine)
    except ImportError:
        return True
    return engine == "pyspark" and shutil.which("java") is None


def main():
    engines = sys.argv[1:] or ["parallel", "script", "xargs", "ray", "dask", "pyspark"]
    sys.modules["engines"] = sys.modules["__main__"]
    failed = False
    with tempfile.TemporaryDirectory() as place:
        quiet = {"check": True, "stdout": subprocess.DEVNULL}
        subprocess.run([ZOO, "synthesize", "squeezenet", "-q", "-o", f"{place}/w.h5"], **quiet)
        subprocess.run([ZOO, "convert", f"{place}/w.h5", "-q", "-o", f"{place}/network.zoo.safetensors"], **quiet)
        subprocess.run([ZOO, "synthesize", "images", "--count", "40", "-q", "-o", f"{place}/images"], **quiet)
        whole = [word for word in command(place, 0, f"{place}/whole.safetensors")]
        at = whole.index("--shard")
        subprocess.run(whole[:at] + whole[at + 2:], **quiet)
        for engine in engines:
            if is_missing(engine):
                print(f"{engine}: not here, left out")
                continue
            folder, merged = f"{place}/{engine}", f"{place}/{engine}.safetensors"
            globals()[f"with_{engine}"](place, folder)
            subprocess.run([ZOO, "merge", folder, "-q", "-o", merged], **quiet)
            is_same = filecmp.cmp(merged, f"{place}/whole.safetensors", shallow=False)
            print(f"{engine}: {'the file of one process' if is_same else 'ANOTHER FILE'}", flush=True)
            failed = failed or not is_same
    sys.exit(failed)


if __name__ == "__main__":
    main()
