"""Cross-validates a logistic regression with scikit-learn and disputes labels with cleanlab: expected.json.

Data comes from the twin of SyntheticWeights (../synthetic_weights.py), so only results are stored. Needs scikit-learn and
cleanlab. Some labels are swapped, which is what confident learning is to find.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import cleanlab
import numpy as np
import sklearn
import synthetic_weights as synthetic
from cleanlab.count import get_confident_thresholds
from cleanlab.filter import find_label_issues
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

SEED, SAMPLES, FEATURES, CLASSES, FOLDS = 31, 150, 12, 3, 5
STRENGTHS = [0.01, 0.1, 1.0, 10.0]

features = synthetic.values(SEED, "samples", "data", (SAMPLES, FEATURES)) * np.float32(5)
directions = synthetic.values(SEED, "directions", "data", (FEATURES, CLASSES))
noise = synthetic.values(SEED, "noise", "data", (SAMPLES, CLASSES)).astype(np.float64) * 0.4
classes = np.argmax(features.astype(np.float64) @ directions.astype(np.float64) + noise, axis=1)
swapped = np.arange(4, SAMPLES, 19)
classes[swapped] = (classes[swapped] + 1) % CLASSES
features[:, 2] *= np.float32(8)

folds = np.zeros(SAMPLES, dtype=int)
splitter = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
for number, (_, out) in enumerate(splitter.split(features, classes)):
    folds[out] = number


def validated(strength):
    x = features.astype(np.float64)
    probabilities = np.zeros((SAMPLES, CLASSES))
    for fold in range(FOLDS):
        kept, out = folds != fold, folds == fold
        scaler = StandardScaler().fit(x[kept])
        model = LogisticRegression(C=strength, tol=1e-10, max_iter=100_000).fit(
            scaler.transform(x[kept]), classes[kept])
        probabilities[out] = model.predict_proba(scaler.transform(x[out]))
    return probabilities


rows = []
for strength in STRENGTHS:
    probabilities = validated(strength)
    right = probabilities.argmax(axis=1) == classes
    accuracies = np.array([right[folds == fold].mean() for fold in range(FOLDS)])
    issues = find_label_issues(
        classes, probabilities, filter_by="confident_learning",
        return_indices_ranked_by="normalized_margin", min_examples_per_class=0, n_jobs=1)
    rows.append({
        "strength": strength,
        "accuracies": [float(v) for v in accuracies],
        "mean": float(accuracies.mean()),
        "standardError": float(accuracies.std(ddof=1) / np.sqrt(FOLDS)),
        "macroF1": float(f1_score(classes, probabilities.argmax(axis=1), average="macro")),
        "loss": float(-np.log(probabilities[np.arange(SAMPLES), classes]).mean()),
        "probabilities": [float(np.float32(v)) for v in probabilities.flatten()],
        "thresholds": [float(v) for v in get_confident_thresholds(classes, probabilities)],
        "issues": [int(v) for v in issues],
    })

document = {
    "scikit_learn": sklearn.__version__, "cleanlab": cleanlab.__version__,
    "classes": [int(v) for v in classes], "folds": [int(v) for v in folds],
    "swapped": [int(v) for v in swapped], "validations": rows}
with open(os.path.join(os.path.dirname(__file__), "expected.json"), "w") as file:
    json.dump(document, file, separators=(",", ":"))
    file.write("\n")
