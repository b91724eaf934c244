"""A labelled set as a partly labelled one, for tests."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from gansmith import config
from gansmith.batch import DataSet, LabeledImages, PartlyLabeledImages
from gansmith.data.form import Form
from gansmith.method import Method


def partly_labelled(data: DataSet, each: int, seed: int = 0) -> DataSet:
    """`each` labelled images of every class, beside all images without their labels."""
    whole = data.take(torch.arange(data.spec.size))
    assert isinstance(whole, LabeledImages)
    order = torch.randperm(data.spec.size, generator=torch.Generator().manual_seed(seed))
    kept = [order[whole.y[order] == k][:each] for k in range(data.spec.classes)]
    shuffled = torch.Generator().manual_seed(seed + 1)
    few = torch.cat(kept)[torch.randperm(each * data.spec.classes, generator=shuffled)]

    def take(rows: Tensor) -> PartlyLabeledImages:
        known = few[rows % len(few)]
        return PartlyLabeledImages(whole.x[known], whole.y[known], whole.x[rows])

    return DataSet(
        spec=replace(data.spec, batch=PartlyLabeledImages),
        take=take,
        to=lambda device: partly_labelled(data.to(device), each, seed),
        held_out=data.held_out,
    )


def _let_methods_ask_for_it(each: int) -> None:
    """A labelled set becomes a partly labelled one where that is what the method eats."""
    served, opened = config.served, config.opened_data

    def asked(method: Method | type[Method], batch: str) -> type:
        few = PartlyLabeledImages in method.batch and batch == "LabeledImages"
        return PartlyLabeledImages if few else served(method, batch)

    def opened_as(name: str, form: Form, kind: type) -> DataSet:
        data = opened(name, form, kind)
        return partly_labelled(data, each) if kind is PartlyLabeledImages else data

    config.BATCHES[PartlyLabeledImages.__name__] = PartlyLabeledImages
    config.served, config.opened_data = asked, opened_as


_let_methods_ask_for_it(10)
