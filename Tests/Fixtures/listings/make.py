"""Writes listings.json: what Keras makes of folders and of data frames.

Made with Keras 3.15, NumPy 2.4 and pandas 2 on Linux; needs those, TensorFlow and Pillow.
"""

import json
import os
import tempfile

import numpy as np
import pandas
from keras.src.legacy.preprocessing.image import ImageDataGenerator
from keras.utils import image_dataset_from_directory
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))

TREE = (
    [f"cats/im{i}.png" for i in range(13)] + ["cats/more/b.png", "cats/more/a.png", "cats/more-1/c.png"]
    + [f"dogs/{i:02}.jpg" for i in range(7)] + ["Birds/b.bmp", "Birds/a.png", "Birds/notes.txt"]
)


def build(root):
    for name in TREE:
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if name.endswith(".txt"):
            open(path, "w").close()
        else:
            Image.new("RGB", (2, 2)).save(path)


def folder_case(root, fraction=None, subset=None, **options):
    generator = ImageDataGenerator(validation_split=fraction or 0)
    flow = generator.flow_from_directory(
        root, target_size=(2, 2), shuffle=False, batch_size=100, subset=subset, **options)
    targets = None
    if options.get("class_mode", "categorical") in ("categorical", "binary", "sparse"):
        targets = np.asarray(next(flow)[1]).tolist()
    return {"fraction": fraction, "subset": subset, "options": options, "filenames": flow.filenames,
            "classes": flow.class_indices, "labels": flow.classes.tolist(), "targets": targets}


def dataset_case(root, fraction, seed, subset):
    made = image_dataset_from_directory(
        root, labels="inferred", validation_split=fraction, subset=subset, seed=seed, image_size=(2, 2))
    return {"fraction": fraction, "seed": seed, "subset": subset, "classes": made.class_names,
            "filenames": sorted(os.path.relpath(path, root) for path in made.file_paths)}


FRAME = [
    ("cats/im3.png", "cat"), ("dogs/00.jpg", "dog"), ("absent.png", "cat"), ("Birds/notes.txt", "bird"),
    ("cats/im1.png", "cat"), ("Birds/a.png", "bird"), ("dogs/01.jpg", "dog"), ("dogs/02.jpg", "Dog, big"),
    ("cats/im2.png", 'the "cat"'),
]


def frame_case(root, fraction=None, subset=None, **options):
    generator = ImageDataGenerator(validation_split=fraction or 0)
    frame = pandas.DataFrame(FRAME, columns=["filename", "class"])
    flow = generator.flow_from_dataframe(
        frame, directory=root, target_size=(2, 2), shuffle=False, subset=subset, **options)
    return {"fraction": fraction, "subset": subset, "options": options, "filenames": flow.filenames,
            "classes": flow.class_indices, "labels": list(flow.classes)}


def main():
    with tempfile.TemporaryDirectory() as root:
        build(root)
        folders = [
            folder_case(root), folder_case(root, classes=["dogs", "cats"], class_mode="binary"),
            folder_case(root, class_mode="sparse"), folder_case(root, class_mode=None),
        ]
        for fraction in (0.2, 0.29, 0.5):
            folders += [folder_case(root, fraction, subset) for subset in ("training", "validation")]
        datasets = [
            dataset_case(root, fraction, seed, subset)
            for fraction, seed in ((0.2, 1337), (0.35, 0), (0.5, 123456789)) for subset in ("training", "validation")
        ]
        frames = [
            frame_case(root), frame_case(root, classes=["dog", "cat"]), frame_case(root, 0.3, "training"),
            frame_case(root, 0.3, "validation"),
        ]
        shuffles = [
            (seed, count, shuffled(seed, count)) for seed, count in ((0, 1), (1, 2), (42, 10), (4294967295, 700))
        ]
    with open(os.path.join(HERE, "listings.json"), "w") as file:
        json.dump({"tree": TREE, "folders": folders, "datasets": datasets, "frame": FRAME, "frames": frames,
                   "shuffles": shuffles}, file, indent=None, separators=(",", ":"))


def shuffled(seed, count):
    numbers = list(range(count))
    np.random.RandomState(seed).shuffle(numbers)
    return numbers


main()
