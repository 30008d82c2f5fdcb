"""The classifier's 100 steps with the solutions, as a plain program; whoever imports this runs it."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "solutions"))

from nn import MLP  # type: ignore[import-not-found]  # a learner's module, on the path above
from train import train_classifier  # type: ignore[import-not-found]  # the same

with (ROOT / "datasets" / "three_regions.csv").open(newline="") as file:
    rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
with (ROOT / "datasets" / "three_regions_weights.csv").open(newline="") as file:
    weights = [float(row["weight"]) for row in csv.DictReader(file)]
model = MLP(2, [16, 3])
for p in [p for layer in model.layers for neuron in layer.neurons for p in neuron.w]:
    p.data = weights.pop(0)
points = [[float(row["x"]), float(row["y"])] for row in rows]
losses = train_classifier(model, points, [int(row["label"]) for row in rows], 100)
assert abs(losses[-1] / 0.00045093045604465413 - 1) < 1e-9
