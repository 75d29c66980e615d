"""Fits logistic regressions with scikit-learn and writes what LinearFit must reproduce: expected.json.

Data comes from the twin of SyntheticWeights (../synthetic_weights.py), so only results are stored. Features have
very different scales and one is constant, so that standardisation matters.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import numpy as np
import sklearn
import synthetic_weights as synthetic
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

SEED, SAMPLES, FEATURES, CLASSES, FOLDS = 23, 90, 11, 3, 5
CANDIDATES = [0.01, 0.1, 1.0, 10.0]

features = synthetic.values(SEED, "samples", "data", (SAMPLES, FEATURES)) * np.float32(6)
directions = synthetic.values(SEED, "directions", "data", (FEATURES, CLASSES))
noise = synthetic.values(SEED, "noise", "data", (SAMPLES, CLASSES)).astype(np.float64) * 0.5
scores = features.astype(np.float64) @ directions.astype(np.float64) + noise
features[:, 1] *= np.float32(8)
features[:, 2] *= np.float32(0.125)
features[:, 2] += np.float32(3)
features[:, 3] = np.float32(0.5)
multi = np.argmax(scores, axis=1)
FOLD = np.arange(SAMPLES) % FOLDS


def fit(x, y, strength, standardizes):
    scaler = StandardScaler().fit(x) if standardizes else None
    inputs = scaler.transform(x) if scaler else x
    model = LogisticRegression(C=strength, tol=1e-10, max_iter=100_000).fit(inputs, y)
    kernel = model.coef_.T
    probabilities = model.predict_proba(inputs)
    objective = log_loss(y, probabilities) + (kernel ** 2).sum() / (2 * strength * len(x))
    bias = model.intercept_
    if scaler:
        kernel = kernel / scaler.scale_[:, None]
        bias = bias - scaler.mean_ @ kernel
    return kernel, bias, objective


def case(kind, strength, standardizes):
    x = features.astype(np.float64)
    y = (multi == 0).astype(int) if kind == "sigmoid" else multi
    kernel, bias, objective = fit(x, y, strength, standardizes)
    return {
        "kind": kind, "strength": strength, "standardizes": standardizes, "objective": float(objective),
        "kernel": [float(v) for v in kernel.flatten()], "bias": [float(v) for v in bias]}


def validated(standardizes):
    """Every candidate judged on folds left out."""
    x = features.astype(np.float64)
    rows = []
    for strength in CANDIDATES:
        loss, right = 0.0, 0
        for fold in range(FOLDS):
            kept, out = FOLD != fold, FOLD == fold
            kernel, bias, _ = fit(x[kept], multi[kept], strength, standardizes)
            logits = x[out] @ kernel + bias
            logits -= logits.max(axis=1, keepdims=True)
            logarithms = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
            loss -= logarithms[np.arange(out.sum()), multi[out]].sum()
            right += (logits.argmax(axis=1) == multi[out]).sum()
        rows.append({"strength": strength, "loss": float(loss / SAMPLES), "accuracy": float(right / SAMPLES)})
    return {"standardizes": standardizes, "candidates": rows}


document = {
    "scikit_learn": sklearn.__version__,
    "classes": [int(v) for v in multi],
    "fits": [
        case(kind, strength, standardizes) for kind in ("softmax", "sigmoid")
        for strength in (0.01, 1.0, 100.0) for standardizes in (False, True)],
    "validations": [validated(False), validated(True)],
}
with open(os.path.join(os.path.dirname(__file__), "expected.json"), "w") as file:
    json.dump(document, file, separators=(",", ":"))
    file.write("\n")
