"""What scikit-learn makes of features: PCA, and t-SNE with its inner numbers. Writes expected.json.

Features come from the twin of SyntheticWeights (../synthetic_weights.py): four classes around centres of their own,
so only results are stored. The inner numbers of t-SNE are its Kullback-Leibler divergence and gradient at given
points, with exact repulsion (angle 0).
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import numpy as np
import sklearn
import synthetic_weights as synthetic
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, _t_sne, trustworthiness
from sklearn.neighbors import NearestNeighbors

SEED, SAMPLES, FEATURES, CLASSES, PERPLEXITY = 41, 80, 12, 4, 7.0

features = synthetic.values(SEED, "samples", "data", (SAMPLES, FEATURES))
centres = synthetic.values(SEED, "centres", "data", (CLASSES, FEATURES))
features = features + np.float32(3) * centres[np.arange(SAMPLES) % CLASSES]
points = synthetic.values(SEED, "points", "data", (SAMPLES, 2)).astype(np.float64) * 20

pca = PCA(n_components=3, svd_solver="full").fit(features.astype(np.float64))

neighbours = NearestNeighbors(n_neighbors=int(3 * PERPLEXITY + 1)).fit(features)
distances = neighbours.kneighbors_graph(mode="distance")
distances.data **= 2
joint = _t_sne._joint_probabilities_nn(distances, PERPLEXITY, 0)
divergence, gradient = _t_sne._kl_divergence_bh(
    points.ravel().astype(np.float32), joint, 1, SAMPLES, 2, angle=0.0, skip_num_points=0, verbose=False,
    compute_error=True, num_threads=1)
embedding = TSNE(perplexity=PERPLEXITY, init="pca", angle=0.0, random_state=0)
layout = embedding.fit_transform(features)

path = os.path.join(os.path.dirname(__file__), "expected.json")
with open(path, "w") as file:
    json.dump({
        "made_with": f"scikit-learn {sklearn.__version__}",
        "variances": pca.explained_variance_.tolist(), "ratios": pca.explained_variance_ratio_.tolist(),
        "components": pca.components_.ravel().tolist(),
        "scores": pca.transform(features.astype(np.float64)).ravel().tolist(),
        "divergence": float(divergence), "gradient": gradient.ravel().astype(float).tolist(),
        "finalDivergence": float(embedding.kl_divergence_),
        "trustworthiness": float(trustworthiness(features, layout, n_neighbors=7)),
    }, file, indent=1)
    file.write("\n")
