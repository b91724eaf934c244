"""The latent space of a trained run: paths through it, sums in it, the z of an image, directions.

    space = latent.open_space(gansmith.load("runs/demo"))
    latent.interpolate(space, [[0, 1], [2, 3]]).images        # (2, 8, C, H, W) in [-1, 1]
    latent.arithmetic(space, [[3, 17, 42], [5, 8, 9], [1, 2, 60]]).result        # (z_dim,)
    latent.invert(space, images).z                            # (N, z_dim)
    latent.walk(space).shares                                 # (z_dim,), their sum is 1

Each result has `write(out)`, which the command line calls: pictures with captions, and the numbers.
"""

from gansmith.latent.along import Along
from gansmith.latent.arithmetics import Arithmetic, arithmetic
from gansmith.latent.conformed import conformed
from gansmith.latent.interpolation import Interpolation, interpolate
from gansmith.latent.inversion import Inversion, invert
from gansmith.latent.latents import Latents, latents
from gansmith.latent.paths import lerp, slerp
from gansmith.latent.response import principal_directions
from gansmith.latent.space import LatentSpace, open_space
from gansmith.latent.walking import Walk, walk
from gansmith.latent.which import Which

__all__ = [
    "Along",
    "Arithmetic",
    "Interpolation",
    "Inversion",
    "LatentSpace",
    "Latents",
    "Walk",
    "Which",
    "arithmetic",
    "conformed",
    "interpolate",
    "invert",
    "latents",
    "lerp",
    "open_space",
    "principal_directions",
    "slerp",
    "walk",
]
