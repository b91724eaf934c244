"""Few labels: the choice, what a batch holds then, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from gansmith.batch import DataSpec, LabeledImages, PartlyLabeledImages
from gansmith.data import open_data
from gansmith.data.loader import Loader
from gansmith.data.partly import chosen_rows, hash_of, partners, told
from gansmith.data.prepared import prepared_set
from gansmith.data.resident import ResidentImages, resident
from gansmith.errors import DataError

SIZES = (5, 9, 30)


@pytest.fixture
def sorted_set():
    """44 images of three uneven classes, sorted by class; each image's grey is its number."""
    labels = torch.cat([torch.full((n,), c) for c, n in enumerate(SIZES)])
    images = torch.arange(len(labels), dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 4, 4)
    train = ResidentImages(images.contiguous(), labels)
    spec = DataSpec(
        name="sorted", batch=LabeledImages, shape=(1, 4, 4), size=44, class_names=("a", "b", "c")
    )
    return resident(spec, train, ResidentImages(images[:6].contiguous(), labels[:6]))


def numbers(x: torch.Tensor) -> torch.Tensor:
    return ((x[:, 0, 0, 0] + 1) * 127.5).round().long()


def test_the_choice_is_even_seeded_and_nested(sorted_set):
    labels = sorted_set.labels
    rows = {n: chosen_rows(labels, 3, n, seed=7) for n in (1, 3, 5)}
    for n, chosen in rows.items():
        assert torch.bincount(labels[chosen]).tolist() == [n] * 3
        assert chosen.tolist() == sorted(set(chosen.tolist()))
    assert set(rows[1].tolist()) < set(rows[3].tolist()) < set(rows[5].tolist())
    assert rows[3].tolist() == chosen_rows(labels, 3, 3, seed=7).tolist()
    assert rows[3].tolist() != chosen_rows(labels, 3, 3, seed=8).tolist()
    assert hash_of(rows[1]) != hash_of(rows[3])


def test_every_labelled_image_is_seen_equally_often(sorted_set):
    rows = chosen_rows(sorted_set.labels, 3, 5, seed=0)
    partner = partners(rows, 44, seed=0)
    seen = torch.bincount(partner, minlength=44)
    assert seen[rows].min() == 44 // 15 and seen[rows].max() == -(-44 // 15)
    assert seen.sum() == seen[rows].sum() == 44
    assert not torch.equal(sorted_set.labels[partner], sorted_set.labels), "mixed in class"
    everyone = partners(torch.arange(44), 44, seed=0)
    assert everyone.sort().values.tolist() == list(range(44)), "all labels: a permutation"


def test_a_batch_of_few_labels(sorted_set):
    data, digest = told(sorted_set, PartlyLabeledImages, 2, seed=3)
    chosen = chosen_rows(sorted_set.labels, 3, 2, seed=3)
    assert digest == hash_of(chosen)
    assert data.spec.batch is PartlyLabeledImages and data.spec.size == 44
    assert data.spec.fingerprint == sorted_set.spec.fingerprint
    rows = torch.tensor([3, 40, 3])
    batch = data.take(rows)
    assert isinstance(batch, PartlyLabeledImages)
    assert numbers(batch.unlabeled).tolist() == rows.tolist()
    assert set(numbers(batch.x).tolist()) <= set(chosen.tolist())
    assert batch.y.tolist() == sorted_set.labels[numbers(batch.x)].tolist()
    assert torch.equal(batch.x[0], batch.x[2]), "pure"
    whole = data.take(torch.arange(44))
    assert set(numbers(whole.x).tolist()) == set(chosen.tolist())
    held_out = data.held_out()
    assert isinstance(held_out, LabeledImages) and len(held_out.y) == 6
    assert data.judged is sorted_set
    assert "6 of 44 images are told, 2 of each class" in data.notes[-1]
    assert torch.equal(data.to(torch.device("cpu")).take(rows).x, batch.x)


def test_all_labels_without_the_flag(sorted_set):
    data, digest = told(sorted_set, PartlyLabeledImages, None, seed=0)
    batch = data.take(torch.arange(44))
    assert digest == "" and "all 44 images are told; --labels-per-class" in data.notes[-1]
    assert sorted(numbers(batch.x).tolist()) == list(range(44))


def test_other_methods_see_the_labelled_images_alone(sorted_set):
    data, _ = told(sorted_set, LabeledImages, 2, seed=3)
    chosen = chosen_rows(sorted_set.labels, 3, 2, seed=3)
    batch = data.take(torch.arange(data.spec.size))
    assert data.spec.size == 6 and isinstance(batch, LabeledImages)
    assert numbers(batch.x).tolist() == chosen.tolist()
    assert batch.y.tolist() == data.labels.tolist() == [0, 0, 1, 1, 2, 2]
    assert data.judged is sorted_set and "no use for images without labels" in data.notes[-1]
    assert told(sorted_set, LabeledImages, None, seed=3).data is sorted_set


@pytest.mark.parametrize("each", [0, 6])
def test_more_than_a_class_has(sorted_set, each):
    with pytest.raises(DataError, match=rf"per-class {each}: the class 'a' has 5 .* from 1"):
        told(sorted_set, LabeledImages, each, seed=0)


def test_without_classes(sorted_set):
    bare = replace(sorted_set, spec=replace(sorted_set.spec, class_names=()))
    for each, words in ((3, "--labels-per-class 3 needs"), (None, "This method needs")):
        with pytest.raises(DataError, match=words):
            told(bare, PartlyLabeledImages, each, seed=0)
    with pytest.raises(DataError, match="8gaussians has none"):
        told(open_data("8gaussians"), LabeledImages, 3, seed=0)


def test_a_set_that_is_read_ahead(tmp_path, sorted_set):
    from gansmith.data.arrays import array_source
    from gansmith.data.decode import Conversion
    from gansmith.data.found import Found
    from gansmith.prepare.job import make_job
    from gansmith.prepare.prepare import prepare

    images = numbers(sorted_set.take(torch.arange(44)).x).byte().view(-1, 1, 1).expand(-1, 4, 4)
    source = array_source(tmp_path, images.numpy(), sorted_set.labels.numpy())
    prepare(make_job(Found(source), Conversion(height=4, width=4)), tmp_path / "out", workers=1)
    streamed = prepared_set(tmp_path / "out", room=0)
    assert streamed.expect is not None
    for kind in (PartlyLabeledImages, LabeledImages):
        slow, quick = (told(one, kind, 2, seed=3).data for one in (streamed, sorted_set))
        loaders = [Loader(one, seed=0) for one in (slow, quick)]
        for step in range(4):
            for mine, theirs in zip(*(loader(step, 0, 4) for loader in loaders), strict=True):
                assert torch.equal(mine, theirs)
