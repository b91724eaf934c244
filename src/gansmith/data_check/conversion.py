"""What converting to the size asked for does to the pictures that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from gansmith.data.decode import Conversion
from gansmith.data_check.finding import Finding, pictures
from gansmith.data_check.look import Look
from gansmith.data_check.stored import STORED, Effect

LITTLE_KEPT = 0.6
"""Where the crop keeps less than this part of the median picture, a person has to decide."""
LONG_SIDE = 10_000


def shape_words(conversion: Conversion) -> str:
    """Such as "64x96", height first."""
    return f"{conversion.height}x{conversion.width}"


def effects(names: tuple[str, ...], looks: list[Look], conversion: Conversion) -> list[Finding]:
    """What happens, and to which pictures."""
    height, width, shape = conversion.height, conversion.width, shape_words(conversion)
    sized = [
        Effect(
            "small",
            "warning",
            lambda look: look.width < width or look.height < height,
            f"is smaller than {shape} and is enlarged|are smaller than {shape} and are enlarged",
            "A GAN learns their blur: choose a smaller --size, or leave them out.",
        ),
        Effect(
            "long-side",
            "warning",
            lambda look: max(look.width, look.height) > LONG_SIDE,
            f"has a side of more than {LONG_SIDE:,} pixels"
            f"|have sides of more than {LONG_SIDE:,} pixels",
            "Look at them: little is left of a strip once it is cropped.",
        ),
        Effect(
            "one-colour",
            "warning",
            lambda look: look.even,
            "has one colour all over|have one colour all over",
            "Remove them, unless emptiness is to be learned.",
        ),
    ]
    found = [_finding(names, looks, effect) for effect in [*STORED, *sized]]
    found += [kept(looks, conversion), _grey_among_colours(names, looks)]
    return [finding for finding in found if finding and finding.count]


def _finding(names: Sequence[str], looks: list[Look], effect: Effect) -> Finding:
    which = [n for n, look in enumerate(looks) if not look.fault and effect.true(look)]
    return Finding(
        effect.kind,
        effect.severity,
        len(which),
        pictures(len(which), effect.says),
        effect.advice,
        tuple(names[number] for number in which),
    )


def kept(looks: list[Look], conversion: Conversion) -> Finding | None:
    """How much of the median picture the centred crop keeps; None where it keeps everything."""
    wanted = conversion.width / conversion.height
    shares = []
    for look in looks:
        if not look.fault:
            ratio = look.width / look.height
            shares.append(min(ratio / wanted, wanted / ratio))
    cut = sum(share < 0.995 for share in shares)
    if not cut:
        return None
    share = median(shares)
    part = "square" if conversion.width == conversion.height else "part"
    says = (
        f"the centre {part} is cut from {pictures(cut)}: it keeps {share:.0%} of the median "
        f"picture and {min(shares):.0%} of the one that loses most"
    )
    little = share < LITTLE_KEPT
    advice = "Crop them yourself, or choose another --size HxW." if little else ""
    return Finding("cropped", "warning" if little else "note", cut, says, advice)


def _grey_among_colours(names: Sequence[str], looks: list[Look]) -> Finding | None:
    """The rarer of the two kinds, where both occur."""
    kinds: dict[bool, list[int]] = {True: [], False: []}
    for number, look in enumerate(looks):
        if not look.fault and not look.even:
            kinds[look.grey].append(number)
    grey, coloured = kinds[True], kinds[False]
    if not grey or not coloured:
        return None
    fewer = min(grey, coloured, key=len)
    return Finding(
        "mixed-colours",
        "warning",
        len(fewer),
        f"{pictures(len(grey), 'is|are')} grey and {len(coloured):,} in colour, "
        "and all get three channels",
        "Leave one kind out: else a GAN learns to draw both.",
        tuple(names[number] for number in fewer),
    )
