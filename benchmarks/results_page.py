"""Writes docs/results.md from the results that lie in results/: what is measured is not typed.

python benchmarks/results_page.py           # writes it
python benchmarks/results_page.py --check   # fails where it is not what the results say
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from page_parts import WAITING, stored, table
from results_labels import class_terms, conditional, semi_supervised, sprites_by_kind
from results_methods import colour, family, grid, teaching, wgan_order
from weight_norm import MEASURES, NORMS, ratio

DOCS = Path(__file__).parent.parent / "docs"
PAGE, FIGURES = DOCS / "results.md", DOCS / "pictures" / "figures"
HEAD = """# Results

What each method does, measured by commands of this repository. This page is written by
`python benchmarks/results_page.py` from `benchmarks/results/`, where each row stands with its
commit and machine; benchmarks are done row by row and may span days, so some rows are missing.
Where a row has minutes, its run was trained on one thread for the steps that two quiet cores do in
them (`family_budget.json`); where it has steps alone, they were fixed beforehand. Fréchet distances
are of the package's own features (a classifier of the set's labels), not FID.
[measures.md](measures.md) says how far to trust each number.
"""


def main() -> None:
    """Write the page, or check it."""
    sections = {title: body() for title, body in SECTIONS.items()}
    text = HEAD + "".join(f"\n## {title}\n\n{body}\n" for title, body in sections.items() if body)
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if PAGE.read_text() == text else f"{PAGE.name} is stale: write it anew.")
    PAGE.write_text(text)


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
    said = (
        "The intervals are of independent pairs; points of one run are not, so they are too narrow."
    )
    many = table([*head, "precision", "recall"], lines)
    picture = "![samples of each γ](../benchmarks/results/began-gamma.png)"
    return f"{many}\n\n{said}\n\n{picture}\n\nCommand: `{found['command']}`, then `picture`."


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
                seen = "lower" if high < 1 else "higher" if low > 1 else "no difference seen"
                lines.append([measure, f"weight over {other}", said, str(one["seeds"]), seen])
    head = ["measure", "norms", "ratio (95 % interval)", "seeds", "with weight normalisation"]
    return (
        "The paper says that errors with weight normalisation are about 10 % lower than with batch "
        "normalisation. `reconstruction_short` is its search, 50 steps from z = 0; "
        "`reconstruction` a thorough one, 200 steps from the best of four beginnings; 32 held-out "
        f"images of Fashion-MNIST.\n\n{table(head, lines)}\n\nCommand: `{found['command']}`."
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
    "Every method for five minutes, or ten": family,
    "Methods that generate by class": conditional,
    "How much the class may weigh": class_terms,
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
