"""What one bank's record linkage is told."""

from limner.settings import Linkage


class IdentitySettings(Linkage):
    """The numbers of ``params.yaml``, and what is the bank's own.

    Attributes:
        master_system: its records come first: they name the customer, and their fields win.
        seed: of every random choice.
    """

    master_system: str
    seed: int
