"""Writes docs/results.md from the results that lie in results/: no figure is typed by hand.

python benchmarks/results_page.py           # writes it
python benchmarks/results_page.py --check   # fails where it is not what the results say
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from page_parts import spread, stored, table
from results_labels import conditional, semi_supervised, sprites_by_kind
from weight_norm import MEASURES, NORMS, ratio

DOCS = Path(__file__).parent.parent / "docs"
PAGE, FIGURES = DOCS / "results.md", DOCS / "pictures" / "figures"
WAITING = "*Not measured yet.*"
KEPT = ("frechet", "precision", "recall")
HEAD = """# Results

What each method does, measured by commands of this repository. This page is written by
`python benchmarks/results_page.py` from `benchmarks/results/`, where each row stands with its
commit and machine; benchmarks are done row by row and may span days, so some rows are missing.
Runs are trained for the steps that their time allows on two quiet cores of the machine that the
rows name, on one thread; Fréchet distances are of the package's own features (a classifier of the
set's labels), not FID. [measures.md](measures.md) says how far to trust each number.
"""


def main() -> None:
    """Write the page, or check it."""
    sections = {title: body() for title, body in SECTIONS.items()}
    text = HEAD + "".join(f"\n## {title}\n\n{body}\n" for title, body in sections.items() if body)
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if PAGE.read_text() == text else f"{PAGE.name} is stale: write it anew.")
    PAGE.write_text(text)


def family() -> str:
    """Every method for the same time."""
    found = stored("family_fashion-mnist")
    if found is None:
        return WAITING
    by_method: dict[str, list[Mapping[str, Any]]] = {}
    for row in found["rows"].values():
        by_method.setdefault(row["method"], []).append(row)
    budgets = stored("family_budget")["rows"]
    order = sorted(by_method, key=lambda n: statistics.fmean(_last(by_method[n], "frechet")))
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
        'samples against as many held-out images. "At its best" is what `--evaluate-every` kept.'
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
            one = told["published_rule"]["modes"]
            low, high = one["difference_95"]
            notes.append(
                f"`gan` in PacGAN's set-up ({name}): {one['mean']:.1f} modes (s.e. "
                f"{one['standard_error']:.1f}), published 17.3 (s.e. 0.8): difference "
                f"{one['difference']:+.1f}, 95 % interval {low:+.1f} to {high:+.1f}. The published "
                "runs have 400,000 steps."
            )
    head = ["method", "seeds that find 25 of 25", "samples near a mode", "lowest seed"]
    return "\n\n".join([table(head, lines), *notes, "Command: `python benchmarks/grid.py`."])


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
        f"samples.\n\n{table(head, lines)}\n\nCommand: `{found['command']}`."
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


def saturation() -> str:
    """The minimax loss under a strong discriminator."""
    numbers = json.loads((FIGURES / "saturation.json").read_text())
    first, last = numbers["strengths"][0], numbers["strengths"][-1]
    said = "\n".join(f"- {sentence}" for sentence in numbers["see"])
    fall = first["minimax"] / last["minimax"]
    change = last["non-saturating"] / first["non-saturating"]
    return (
        f"The norm of the generator's gradient falls by {fall:.0f} with the minimax loss and grows "
        f"by {change:.0f} with -log D.\n\n{said}\n\n"
        "Command: `gansmith figure saturation`."
    )


def began() -> str:
    """M against the Fréchet distance, and γ."""
    found = stored("began")
    if found is None:
        return WAITING
    lines = []
    for key, row in found["rows"].items():
        one, way = row["correlation"], row["on_the_way"]
        low, high = one["interval"]
        lines.append(
            [
                key,
                f"{way[0]['m_global']:.3f} → {way[-1]['m_global']:.3f}",
                f"{one['spearman']:.2f} ({low:.2f} to {high:.2f}), n = {one['n']}",
                f"{way[-1]['ratio']:.2f}",
                *(f"{row['last'][name][0]:.2f}" for name in ("frechet", "precision", "recall")),
            ]
        )
    head = ["run", "M", "Spearman of M and Fréchet distance", "L(G(z)) / L(x)", "Fréchet distance"]
    return f"{table([*head, 'precision', 'recall'], lines)}\n\nCommand: `{found['command']}`."


def weight_norm() -> str:
    """Reconstruction of held-out images."""
    found = stored("weight_norm")
    if found is None:
        return WAITING
    lines = []
    for measure in MEASURES:
        for other in NORMS[1:]:
            one = ratio(found["rows"], measure, other)
            if "ratio" in one:
                low, high = one["interval"]
                said = f"{one['ratio']:.3f} ({low:.3f} to {high:.3f})"
                lines.append([measure, f"weight over {other}", said, str(one["seeds"])])
    head = ["measure", "norms", "ratio (95 % interval)", "seeds"]
    return (
        "The paper says that errors with weight normalisation are about 10 % lower than with batch "
        f"normalisation.\n\n{table(head, lines)}\n\nCommand: `{found['command']}`."
    )


def vae_bound() -> str:
    """ELBO and importance-weighted bound."""
    found = stored("vae_bound")
    if found is None:
        return WAITING
    result = found["result"]
    lines = []
    for row in result["runs"]:
        for who in ("package", "plain_torch"):
            one = row[who]
            numbers = [f"{one['elbo']:.2f}", f"{one['iw_bound']:.2f}", f"{one['active_units']:.0f}"]
            lines.append([str(row["seed"]), who.replace("_", " "), *numbers])
    head = [
        "seed",
        "implementation",
        "ELBO, nats",
        f"bound of {result['weights']} weights",
        "units in use",
    ]
    return (
        f"{table(head, lines)}\n\nLargest difference: "
        f"{result['largest_difference_in_percent']:.2f} %. Command: `{found['command']}`."
    )


def figures() -> str:
    """What single figures say."""
    lines = []
    for path in sorted(FIGURES.glob("*.json")):
        said = " ".join(json.loads(path.read_text())["see"])
        lines.append(f"- **[{path.stem}](figures.md)**: {said}")
    return "\n".join(lines)


SECTIONS: dict[str, Callable[[], str]] = {
    "Every method for the same time": family,
    "Methods that generate by class": conditional,
    "Units of a game by kind": sprites_by_kind,
    "Few labels": semi_supervised,
    "25 Gaussians": grid,
    "The most copied teaching code beside ours": teaching,
    "Colour": colour,
    "WGAN: which network is trained more": wgan_order,
    "Minimax under a strong discriminator": saturation,
    "BEGAN: its measure of convergence, and γ": began,
    "Weight normalisation and reconstruction": weight_norm,
    "VAE: bounds on the likelihood": vae_bound,
    "What the lectures' figures show": figures,
}
"""Those without a word are left out."""

if __name__ == "__main__":
    main()
