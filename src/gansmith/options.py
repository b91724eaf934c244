"""What a user can say about a training run besides the method's hyper-parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import arg
from tyro.constructors import PrimitiveConstructorSpec

from gansmith.data.form import Crop, Form, Size, parsed, plain, written


def _read_size(texts: list[str]) -> Size:
    try:
        return parsed(texts[0])
    except ValueError:
        raise ValueError(
            f"expected a whole number such as 64, or 64x96, not {texts[0]!r}."
        ) from None


SIZE = PrimitiveConstructorSpec(
    nargs=1,
    metavar="S|HxW",
    instance_from_str=_read_size,
    is_instance=lambda value: value is None or isinstance(value, int | tuple | list),
    str_from_instance=lambda value: [written(value)],
)
"""How `--size` is read: tyro has no type for it."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is not given is chosen by the program and written to the run's config.json."""

    data: Annotated[str, arg(metavar="NAME|PATH")] = "mnist"
    """A data set (see `gansmith list data`), a folder of images, a .npz, .npy, IDX or .tar file,
    two folders as A,B, or hf:NAME."""
    run: Annotated[
        Path | None, arg(metavar="DIR", help_behavior_hint="(default: a new one below runs/)")
    ] = None
    """Directory of the run."""
    steps: Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: 5000)")] = None
    """Stop after this many steps, one generator update each."""
    minutes: Annotated[float | None, arg(metavar="M", help_behavior_hint="")] = None
    """Stop after this many minutes of training instead."""
    size: Annotated[
        Size | None,
        SIZE,
        arg(metavar="S|HxW", help_behavior_hint="(default: the set's own; 64 for a folder)"),
    ] = None
    """Side of the images in pixels, or height x width, such as 64x96."""
    crop: Crop = "center"
    """How images of another shape are made to fit: cut to the centre, stretched, or kept whole
    beside the background."""
    background: Annotated[str, arg(metavar="COLOUR")] = "white"
    """The colour under transparent pixels and around padded images: a CSS name or "#rrggbb"."""
    label: Annotated[
        tuple[str, ...], arg(metavar="ATTRIBUTE ...", help_behavior_hint="(default: the set's own)")
    ] = ()
    """Attributes, such as CelebA's, whose combinations become the classes."""
    attributes: Annotated[tuple[str, ...], arg(metavar="ATTRIBUTE ...", help_behavior_hint="")] = ()
    """Attributes that are told of each image by themselves, any number of them at a time."""
    labels_file: Annotated[
        Path | None, arg(metavar="FILE.csv", help_behavior_hint="(default: labels.csv in PATH)")
    ] = None
    """A table of a folder's images: file name and class, or 1 and 0 for attributes."""
    labels_per_class: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: all)")
    ] = None
    """Tell the labels of so many training images of each class, which follow from the seed, and
    hide the others'."""
    seed: int = 0
    """Every random number follows from it."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to train."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """bf16: quicker convolutions on hardware made for it; weights stay in float32."""
    preset: Annotated[str | None, arg(metavar="P", help_behavior_hint="")] = None
    """A named set of hyper-parameters, such as "paper"; flags that are given win over it."""
    config: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Take what is not given here from a config.json, such as another run's."""
    checkpoint_every: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: 500)")
    ] = None
    """Steps between checkpoints."""
    sample_every: Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: 250)")] = (
        None
    )
    """Steps between pictures of samples."""
    evaluate_every: Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: off)")] = (
        None
    )
    """Steps between quick evaluations; the best weights are kept: `--checkpoint best`."""

    evaluate_measures: Annotated[
        tuple[str, ...], arg(metavar="NAME ...", help_behavior_hint="(default: the quick ones)")
    ] = ()
    """What --evaluate-every measures: names that `gansmith evaluate --help` lists. Without a
    Fréchet, Jensen-Shannon or Wasserstein distance among them, the first one tells the best."""

    @property
    def form(self) -> Form:
        """What is wanted of the images.

        Raises:
            DataError: a size or a colour that is none.
        """
        size = None if self.size is None else plain(self.size)
        table = None if self.labels_file is None else str(self.labels_file.resolve())
        return Form(
            size=size,
            crop=self.crop,
            background=self.background,
            label=self.label,
            attributes=self.attributes,
            labels_file=table,
        )
