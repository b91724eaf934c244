"""Duplicates: found as comparing each with each finds them, and only where they are."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gansmith import data
from gansmith.data_check import duplicates
from gansmith.data_check.look import THUMB
from gansmith.data_check.reading import survey
from gansmith.data_check.sharing import duplicates as findings_of


def png(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def groups(source) -> tuple[list[list[int]], list[list[int]]]:
    seen = survey(source, quiet=True)
    exact = duplicates.exact_groups(seen)
    return exact, duplicates.near_groups(seen, exact)


def test_bits_are_spread_one_to_one():
    ones = np.uint64(1) << np.arange(64, dtype=np.uint64)
    assert sorted(duplicates.spread_bits(ones).tolist()) == sorted(ones.tolist())
    both = duplicates.spread_bits(ones[:1] | ones[1:2])
    assert both == duplicates.spread_bits(ones[:1]) | duplicates.spread_bits(ones[1:2])


@pytest.mark.parametrize("seed", range(3))
def test_pairs_are_those_of_comparing_each_with_each(seed):
    random = np.random.default_rng(seed)
    bits = random.integers(0, 2**64, 60, dtype=np.uint64)
    flips = [sum(1 << int(place) for place in random.choice(64, flipped, replace=False))
             for flipped in range(8) for _ in range(20)]  # fmt: skip
    bits = np.concatenate([bits, bits[: len(flips) % 60 or 60].repeat(8)[: len(flips)]])
    bits[60:] ^= np.array(flips, dtype=np.uint64)
    thumbs = np.tile(random.integers(0, 256, THUMB * THUMB * 3, dtype=np.uint8), (len(bits), 1))
    thumbs[::7] = random.integers(0, 256, thumbs.shape[1], dtype=np.uint8)  # other to look at
    wanted = {
        (i, j)
        for i, j in itertools.combinations(range(len(bits)), 2)
        if (int(bits[i]) ^ int(bits[j])).bit_count() <= 3 and (i % 7 == 0) == (j % 7 == 0)
    }
    found = [tuple(sorted(pair)) for pair in duplicates.near_pairs(bits, thumbs).tolist()]
    assert len(found) == len(set(found)), "each pair once"
    assert set(found) == wanted and len(wanted) > 30


def test_forms_of_one_picture_are_near_and_other_pictures_are_not(builder, held):
    first = builder.picture(0, 128)
    forms = [
        png(first),
        png(first, "JPEG", quality=75),
        png(first.resize((96, 96), Image.Resampling.LANCZOS)),
        png(first.crop((1, 1, 127, 127))),
        png(first.point(lambda level: int(level * 0.97))),
        png(first, "BMP"),
    ]
    others = [png(builder.picture(seed, 128)) for seed in range(1, 30)]
    turned = [png(first.transpose(Image.Transpose.FLIP_LEFT_RIGHT))]
    exact, near = groups(held(*others, *forms, *turned))
    assert exact == [[29, 34]] and near == [[29, 30, 31, 32, 33]]


def test_a_colour_apart_is_another_picture(held):
    one, other = (np.zeros((40, 40, 3), np.uint8) for _ in range(2))
    one[10:30, 10:30, 0] = other[10:30, 10:30, 2] = 255
    assert groups(held(one, other)) == ([], [])


def test_different_digits_are_no_duplicates_and_no_digit_is_there_twice(held):
    with np.load(Path(data.__file__).parent / "mnist.npz") as digits:
        images = digits["train_images"][:2000]
    assert groups(held(*images)) == ([], [])


def test_the_same_pixels_however_they_are_stored(builder, held):
    image = builder.picture(5).quantize(40).convert("RGB")
    grey = image.convert("L")
    clear = image.copy()
    clear.putalpha(255)
    stored = [np.asarray(image), png(image), png(image.quantize(40)), png(clear)]
    exact, _ = groups(held(*stored, png(grey), png(grey.convert("RGB"))))
    assert exact == [[0, 1, 2, 3], [4, 5]]


def test_one_picture_in_two_classes(builder, held):
    same = png(builder.picture(1))
    source = held(same, same, same, labels=(0, 0, 1), classes=("cat", "dog"))
    found = {one.kind: one for one in findings_of(source, *groups(source))}
    assert found["duplicate"].count == 2 and found["two-classes"].count == 1
    assert "stands in several classes" in found["two-classes"].says
