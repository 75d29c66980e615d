"""How many planted label mistakes `zoo audit` finds, on scikit-learn's digits: 1,797 images of 8 x 8 pixels, enlarged.

    audit_digits.py ZOO ARCHIVE [SIZE]    # needs scikit-learn and Pillow; prints recall and precision for three seeds

A twentieth of the images come into the folder of another class, drawn by the seed. Recall is how many of them are disputed,
precision how many of those that are disputed had been swapped.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

zoo, archive, size = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 96
images, labels = load_digits(return_X_y=True)
pictures = [
    Image.fromarray((pixels.reshape(8, 8) / 16 * 255).round().astype(np.uint8))
    .resize((size, size), Image.BICUBIC).convert("RGB")
    for pixels in images
]
totals = np.zeros(4, int)
for seed in range(3):
    generator = np.random.default_rng(seed)
    swapped = set(generator.choice(len(labels), len(labels) // 20, replace=False).tolist())
    with tempfile.TemporaryDirectory() as folder:
        for index, (picture, label) in enumerate(zip(pictures, labels)):
            place = (label + generator.integers(1, 10)) % 10 if index in swapped else label
            target = Path(folder, str(place))
            target.mkdir(exist_ok=True)
            picture.save(target / f"{index:04d}.png")
        words = [zoo, "audit", folder, "--backbone", archive, "--size", str(size), "--no-cache", "--json"]
        report = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    disputed = [int(Path(found["image"]["file"]).stem) for found in report["disputes"]]
    right = sum(index in swapped for index in disputed)
    first = sum(index in swapped for index in disputed[:20])
    totals += [len(swapped), len(disputed), right, first]
    print(f"seed {seed}: {right} of {len(swapped)} swapped labels disputed, {len(disputed) - right} others; "
          f"of the first 20, {first} were swapped")
print(f"recall {totals[2] / totals[0]:.3f}, precision {totals[2] / totals[1]:.3f}, "
      f"of the first 20 of every list {totals[3]} of 60")
