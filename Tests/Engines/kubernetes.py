"""Checks the jobs that `zoo script kubernetes` prints against the schemas of Kubernetes, of every version there is one for from 1.29 on.

    pip install kubernetes-validate
    python3 Tests/Engines/kubernetes.py
"""

import os
import subprocess
import sys

import kubernetes_validate
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ZOO = os.environ.get("ZOO", os.path.join(ROOT, ".build", "release", "zoo"))
NAMES = ["photos", "my photos", "it's", 'a "quoted" name', "back\\slash", "# none", "é: {ü}", "*", "true", "~", "0x10", "\t"]


def jobs(name, *options):
    words = [ZOO, "script", "kubernetes", "--shards", "64", "--image", "registry.example/zoo:0.2", "--claim", "photos", *options, "--",
             "features", "net.zoo.safetensors", name, "-o", "features"]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return list(yaml.safe_load_all(text))


def main():
    # The first that has a limit of retries for each index is 1.29.
    versions = [f"1.{minor}" for minor in range(29, int(kubernetes_validate.latest_version().split(".")[1]) + 1)]
    checked = 0
    for name in NAMES:
        for options in [[], ["--merge", "all.npy"], ["--at-once", "8", "--memory", "500M", "--mount", "/images/my data"]]:
            found = jobs(name, *options)
            assert len(found) == 1 + ("--merge" in options)
            container = found[0]["spec"]["template"]["spec"]["containers"][0]
            assert container["command"][:4] == ["zoo", "features", "net.zoo.safetensors", name], container["command"]
            assert found[0]["spec"]["completions"] == 64 and found[0]["spec"]["completionMode"] == "Indexed"
            for version in versions:
                for job in found:
                    kubernetes_validate.validate(job, version, strict=True)
                    checked += 1
    print(f"{checked} jobs are as the schemas of {versions[0]} to {versions[-1]} have them")


if __name__ == "__main__":
    sys.exit(main())
