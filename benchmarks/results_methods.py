"""Sections of docs/results.md on what methods reach in a given time, or in given steps."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

from page_parts import WAITING, spread, stored, table

KEPT = ("frechet", "precision", "recall")


def family() -> str:
    """Every method for five minutes, or for ten."""
    found = stored("family_fashion-mnist")
    if found is None:
        return WAITING
    by_method: dict[str, list[Mapping[str, Any]]] = {}
    for row in found["rows"].values():
        by_method.setdefault(row["method"], []).append(row)
    budgets = stored("family_budget")["rows"]
    order = sorted(
        by_method,
        key=lambda n: (budgets[n]["minutes"], statistics.fmean(_last(by_method[n], "frechet"))),
    )
    lines = []
    for name in order:
        rows = by_method[name]
        best = [(row["best"] or row["last"])["frechet"][0] for row in rows]
        empty = [row["last"]["class_empty"][0] for row in rows]
        lines.append(
            [
                f"[`{name}`](methods/{name}.md)",
                f"{budgets[name]['minutes']:g}",
                f"{budgets[name]['steps']:,}",
                str(len(rows)),
                spread(_last(rows, "frechet")),
                spread(best),
                spread(_last(rows, "precision")),
                spread(_last(rows, "recall")),
                spread(empty, 1),
            ]
        )
    head = ["method", "minutes", "steps", "seeds", "Fréchet distance, last", "at its best"]
    head += ["precision", "recall", "classes without samples"]
    return (
        "Fashion-MNIST, 28x28, the methods' defaults; mean over seeds (lowest to highest); 5,000 "
        'samples against 10,000 held-out images. "At its best" is what `--evaluate-every` kept.'
        "\n\n"
        f"{table(head, lines)}\n\n"
        "Command: `python benchmarks/family.py budget`, then `run`. Samples and losses of seed 0 "
        "are on the methods' pages. Autoencoders decode codes drawn from N(0, 1), for which `ae` "
        "was never trained."
    )


def _last(rows: list[Mapping[str, Any]], measure: str) -> list[float]:
    return [row["last"][measure][0] for row in rows]


def grid() -> str:
    """25 Gaussians."""
    found = stored("grid")
    if found is None:
        return WAITING
    lines, notes = [], []
    for name, told in found["result"]["summary"].items():
        near = told["near_a_mode"]
        modes = f"{told['all_modes']} of {told['seeds']}"
        lines.append([name, modes, f"{near['mean']:.1%}", f"{near['lowest']:.1%}"])
        if "published_rule" in told:
            one, good = (told["published_rule"][key] for key in ("modes", "high_quality"))
            low, high = one["difference_95"]
            notes.append(
                f"`gan` in PacGAN's set-up ({name}): {one['mean']:.1f} modes (s.e. "
                f"{one['standard_error']:.1f}), published 17.3 (s.e. 0.8): difference "
                f"{one['difference']:+.1f}, 95 % interval {low:+.1f} to {high:+.1f}. The published "
                f"runs have 400,000 steps, and {good['published']:.0%} of their samples are near a "
                f"mode, of these {good['mean']:.0%}: so short a training finds about as many modes "
                "by that rule because its samples lie everywhere."
            )
    head = ["method", "seeds that find 25 of 25", "samples near a mode", "lowest seed"]
    rule = found["result"]["rule"]
    flags = {row["method"]: " ".join(row["flags"]) for row in found["result"]["rows"]}
    said = (
        f"Of {rule['samples']:,} samples; a mode is found by {rule['minimum_share']:.0%} of its "
        "fair share within 3 standard deviations, which is also what near means. Beside the "
        f"defaults: {'; '.join(f'`{name}` `{more}`' for name, more in flags.items())}."
    )
    parts = [said, table(head, lines), *notes, *longer(), "Command: `python benchmarks/grid.py`."]
    return "\n\n".join(parts)


def longer() -> list[str]:
    """What more steps bring `gan` on 25 Gaussians, where that was measured."""
    found = stored("grid_long")
    told = []
    for row in found["result"]["rows"] if found else []:
        way = [
            f"{one['steps']:,} steps: {one['published_rule']['modes']} modes, "
            f"{one['published_rule']['high_quality']:.0%} of the samples near one"
            for one in row["stages"]
        ]
        told.append(f"Seed {row['seed']} of `{row['method']}` for longer. {'; '.join(way)}.")
    return told


def teaching() -> str:
    """The most copied teaching code beside ours."""
    found = stored("teaching_code")
    if found is None:
        return WAITING
    lines = []
    for key, row in found["rows"].items():
        ours, passed = row["ours"][-1], row["seconds_until_ours_is_better"]
        lines.append(
            [
                key,
                f"{row['theirs']['frechet']:.2f}",
                f"{ours['frechet']:.2f}",
                f"{row['ours_over_theirs']:.2f}",
                "not within the time" if passed is None else f"{passed} of {row['seconds']}",
            ]
        )
    head = ["script and seed", "theirs", "ours", "ratio", "seconds until ours is better"]
    return (
        "`dcgan.py` and `wgan_gp.py` of PyTorch-GAN, unchanged, against `gansmith train dcgan` "
        "and `wgan-gp` with their defaults, the same seconds on the same pictures "
        "(Fashion-MNIST); Fréchet distance of 5,000 "
        f"samples.\n\n{table(head, lines)}\n\n{floor()}Command: `{found['command']}`."
    )


def floor() -> str:
    """What the way in which pictures are made larger is worth in the comparison above."""
    found = stored("teaching_code_floor")
    if found is None:
        return ""
    row = found["rows"]["dcgan"]
    return (
        "`dcgan.py` has pictures of 32x32: the script makes them larger by bilinear interpolation, "
        "we, and the held-out ones that both are compared with, by Lanczos. Real training "
        f"pictures made larger its way are {row['theirs']['frechet']:.2f} away, ours "
        f"{row['ours']['frechet']:.2f}: so much of its distance is not the method's.\n\n"
    )


def colour() -> str:
    """Colour pictures."""
    found = stored("colour")
    if found is None:
        return WAITING
    lines, said = [], []
    for row in found["rows"].values():
        best = row["best"]
        low, high = best["frechet"][1:]
        lines.append(
            [
                f"[`{row['method']}`](methods/{row['method']}.md)",
                f"{row['steps']:,}",
                f"{row['best_step']:,}",
                f"{best['frechet'][0]:.2f} ({low:.2f} to {high:.2f})",
                f"{row['last']['frechet'][0]:.2f}",
                *(f"{best[name][0]:.2f}" for name in ("precision", "recall")),
                f"{best['memorised'][0]:.1%}",
            ]
        )
        said.append(f"`{row['method']}`: {' '.join(best['verdict'])}")
        said.append(f"![samples of {row['method']}](pictures/colour-{row['method']}.png)")
    head = ["method", "steps", "best step", "Fréchet distance there", "at the end"]
    head += ["precision", "recall", "copies"]
    return (
        "The 3,399 emoji of Noto (Google, Apache-2.0) at 32x32, augmented, one seed; 2,000 samples "
        "of the best step. Where a method ends worse than it was, its critic has come to know so "
        "few images: `--evaluate-every` keeps the best.\n\n"
        f"{table(head, lines)}\n\n"
        + "\n\n".join([*said, f"Command: `{found['command']}`, then `picture`."])
    )


def wgan_order() -> str:
    """The critic trained more, and less."""
    found, family_rows = stored("wgan_order"), stored("family_fashion-mnist")
    if found is None or "wgan:0" not in family_rows["rows"]:
        return WAITING
    paper, slide = family_rows["rows"]["wgan:0"], found["rows"]["slide"]
    both = {"Algorithm 1: critic 5, generator 1": paper, "a slide: critic 1, generator 5": slide}
    lines = [
        [who, f"{row['steps']:,}", *(f"{row['last'][key][0]:.2f}" for key in KEPT)]
        for who, row in both.items()
    ]
    head = ["updates in a step", "steps", "Fréchet distance", "precision", "recall"]
    return (
        f"Fashion-MNIST, seed 0.\n\n{table(head, lines)}\n\n"
        f"Command: `{found['command']}`; samples on the [page of `wgan`](methods/wgan.md)."
    )
