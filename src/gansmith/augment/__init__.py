"""What a discriminator sees of images, so that it cannot learn few of them by heart."""

from gansmith.augment.augmentation import Augmentation
from gansmith.augment.augmented import AlwaysAugmented, Augmented
from gansmith.augment.kinds import Kind, translate

__all__ = ["AlwaysAugmented", "Augmentation", "Augmented", "Kind", "translate"]
