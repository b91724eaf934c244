"""Whether there are enough pictures: rules of thumb, each with the evidence it rests on."""

from __future__ import annotations

from gansmith.data_check.finding import Finding, Severity, pictures

FEW, SOME, MANY = 500, 2_000, 10_000
"""Where each of the regimes below ends."""
LECTURE = 10_000
"""Pictures of each domain that the course's lecture asks for with CycleGAN."""
DIFFAUGMENT = "Zhao et al. 2020, arXiv:2006.10738"
ADA = "Karras et al. 2020, arXiv:2006.06676"
MORE = "Collect more; until then let the discriminator see changed pictures: --augment."


def enough(number: int, size: tuple[int, int], method: str | None) -> list[Finding]:
    """What is known about training on so many pictures; faulty and equal ones are not counted.

    `size`: (height, width). The evidence is from larger networks than ours and pictures of 32 to
    256 pixels; no paper gives a law for other sizes or for each method.
    """
    severity, says, source = _regime(number)
    beyond = "" if max(size) <= 256 else "; for more than 256 pixels expect to need more"
    says = f"{pictures(number)} to learn from: {says}{beyond} ({source})"
    found = [Finding("number", severity, number, says, MORE if severity == "warning" else "")]
    if method == "cyclegan" and number < 2 * LECTURE:
        says = (
            f"CycleGAN wants two domains, and the course's lecture asks for {LECTURE:,} "
            f"pictures of each: this is {pictures(number)}"
        )
        found.append(Finding("number-cyclegan", "warning", number, says, "Collect more."))
    return found


def _regime(number: int) -> tuple[Severity, str, str]:
    """(severity, what papers found with about so many, which papers)."""
    if number < FEW:
        says = (
            "few-shot sets of 100 to a few hundred were learned only with augmentation or from "
            "a trained network; without, a discriminator learns them by heart"
        )
        return "warning", says, DIFFAUGMENT
    if number < SOME:
        says = (
            "with 1,000 pictures of faces or scenes augmentation cut the FID to a half or a quarter"
        )
        return "warning", says, DIFFAUGMENT
    if number < MANY:
        says = "a few thousand gave good results with augmentation, and clearly worse ones without"
        return "note", says, ADA
    return "note", "with tens of thousands augmentation matters less and less", ADA
