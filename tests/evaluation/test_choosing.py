"""Which samples are shown as the best."""

from __future__ import annotations

import numpy as np
import torch

from gansmith.evaluation.choosing import choose
from gansmith.metrics.given import Samples


def test_the_surest_of_each_class_are_chosen():
    p = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.6, 0.4, 0.0], [0.7, 0.3, 0.0]])
    x = torch.zeros(4, 1, 2, 2)
    chosen = choose(Samples(x, None, np.zeros((4, 1)), p), Samples(x, None, np.zeros((4, 1))))
    assert chosen.rows == [0, 3, 1] and chosen.absent == [2] and chosen.rule == "best_class"


def test_without_a_classifier_the_closest_are_chosen():
    random = np.random.default_rng(0)
    a, b = random.normal(size=(40, 3)), random.normal(size=(30, 3))
    distances = [min(np.linalg.norm(one - other) for other in b) for one in a]
    x = torch.zeros(40, 1, 2, 2)
    chosen = choose(Samples(x, None, a), Samples(x[:30], None, b))
    assert chosen.rows == sorted(range(40), key=lambda row: distances[row])[:16]
    assert chosen.rule == "best_near" and chosen.number == 16
