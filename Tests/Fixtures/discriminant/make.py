"""Cross-validates scikit-learn's linear discriminant analysis with shrinkage: expected.json.

Data comes from the twin of SyntheticWeights (../synthetic_weights.py), so only results are stored. Needs scikit-learn. The last
case has more features than samples.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import numpy as np
import sklearn
import synthetic_weights as synthetic
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

SHRINKAGES, TEMPERATURES = [0.05, 0.5, 1.0], [1.0, 2.0, 8.0]


def case(seed, samples, features, classes, folds):
    x = synthetic.values(seed, "samples", "data", (samples, features)) * np.float32(5) + np.float32(3)
    x[:, 1] += x[:, 0]
    directions = synthetic.values(seed, "directions", "data", (features, classes)).astype(np.float64)
    noise = synthetic.values(seed, "noise", "data", (samples, classes)).astype(np.float64)
    y = np.argmax((x - x.mean(axis=0)) @ directions + 2 * noise, axis=1)
    fold = np.arange(samples) * 7 % folds
    scores = {a: np.zeros((samples, classes)) for a in SHRINKAGES}
    for number in range(folds):
        kept, out = fold != number, fold == number
        for a in SHRINKAGES:
            model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=a).fit(x[kept].astype(np.float64), y[kept])
            assert len(model.classes_) == classes
            # The logarithms of the probabilities, which are the scores less something that is the same for all classes.
            scores[a][out] = model.predict_log_proba(x[out].astype(np.float64))
    found = []
    for a in SHRINKAGES:
        for t in TEMPERATURES:
            powers = np.exp(scores[a] / t)
            p = powers / powers.sum(axis=1, keepdims=True)
            brier = float(((p - np.eye(classes)[y]) ** 2).sum(axis=1).mean())
            found.append((brier, a, t, p))
    brier, a, t, p = min(found, key=lambda one: one[0])
    rows = [{"shrinkage": a, "temperature": t, "brier": b} for b, a, t, _ in found]
    return {
        "seed": seed, "samples": samples, "features": features, "classes": [int(v) for v in y],
        "folds": [int(v) for v in fold], "scores": rows, "shrinkage": a, "temperature": t,
        "accuracy": float(np.mean([(p.argmax(axis=1) == y)[fold == n].mean() for n in range(folds)])),
        "probabilities": [float(np.float32(v)) for v in p.flatten()]}


document = {
    "scikit_learn": sklearn.__version__, "shrinkages": SHRINKAGES, "temperatures": TEMPERATURES,
    "cases": [case(41, 120, 8, 3, 5), case(42, 90, 5, 2, 3), case(43, 60, 80, 4, 4)]}
with open(os.path.join(os.path.dirname(__file__), "expected.json"), "w") as file:
    json.dump(document, file, separators=(",", ":"))
    file.write("\n")
