"""Running statistics that see real images alone."""

from __future__ import annotations

import copy

import torch
from torch import nn

from gansmith.batch import DataSpec, LabeledImages
from gansmith.config import choose_method
from gansmith.draws import Random
from gansmith.networks.statistics import unnoticed
from gansmith.training.state import build_networks


def buffers(network: nn.Module) -> list[torch.Tensor]:
    """Running means and variances; not how many batches there were."""
    return [one for one in network.buffers() if one.is_floating_point()]


def test_the_output_is_that_of_the_batch_and_nothing_is_kept():
    network = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3, momentum=0.2), nn.Flatten())
    network.append(nn.BatchNorm1d(3 * 36, momentum=None))
    x = torch.randn(5, 1, 8, 8) * 3 + 1
    expected, before = copy.deepcopy(network)(x), copy.deepcopy(buffers(network))
    assert unnoticed(network, x).equal(expected)
    assert all(map(torch.equal, buffers(network), before))
    assert network[1].momentum == 0.2 and network[3].momentum is None
    network(x)
    assert not any(map(torch.equal, buffers(network), before))


def test_acgan_judges_by_the_statistics_of_real_images():
    names = ("a", "b")
    spec = DataSpec(name="own", batch=LabeledImages, shape=(1, 28, 28), size=9, class_names=names)
    method = choose_method("acgan", "paper", "LabeledImages")  # which leaves images as they are
    batch = LabeledImages(torch.rand(8, 1, 28, 28), torch.arange(8) % 2)
    nets = build_networks(method, spec, 0)
    alone = copy.deepcopy(nets["discriminator"])
    for phase in method.phases():
        phase.objective(nets, batch, phase.draws(batch, Random((0,), 8)))
    alone(batch.x)
    assert buffers(alone) and all(map(torch.equal, buffers(nets["discriminator"]), buffers(alone)))
