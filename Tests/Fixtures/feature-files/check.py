"""Reads the golden feature files with NumPy and Python's safetensors and compares every value and name.

    python3 Tests/Fixtures/feature-files/check.py
"""
import csv
import json
import pathlib

import numpy as np
from safetensors import safe_open

here = pathlib.Path(__file__).resolve().parent
FEATURES = np.array(
    [[0, -1.5, 3.25, 1e-30, 65504, -0.0], [7, 8, 9, 10, 11, 12], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]],
    dtype=np.float32,
).reshape(3, 1, 2, 3)
FILES = ["cats/im 1.jpg", 'dogs/"quoted",ü.png', "dogs/im2.jpg"]
LABELS = [0, 1, 1]
CLASSES = ["cats", "dogs"]


def check_array(found):
    assert found.dtype == np.float32 and found.shape == FEATURES.shape
    assert found.tobytes() == FEATURES.tobytes()


for name, labelled in (("features", True), ("unlabelled", False)):
    check_array(np.load(here / f"{name}.npy", allow_pickle=False))
    with open(here / f"{name}.npy.csv", newline="", encoding="utf-8") as table:
        records = list(csv.DictReader(table))
    assert [record["file"] for record in records] == FILES
    if labelled:
        assert [int(record["label"]) for record in records] == LABELS
        assert [record["class"] for record in records] == [CLASSES[label] for label in LABELS]
    with safe_open(here / f"{name}.safetensors", framework="numpy") as file:
        check_array(file.get_tensor("features"))
        assert ("labels" in file.keys()) == labelled
        if labelled:
            assert file.get_tensor("labels").tolist() == LABELS and file.get_tensor("labels").dtype == np.int64
        metadata = file.metadata()
    assert json.loads(metadata["files"]) == FILES
    assert json.loads(metadata["class_names"]) == (CLASSES if labelled else [])
print("all feature files read back exactly")
