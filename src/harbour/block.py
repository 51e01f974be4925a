"""A block: the customers made and written at once."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from harbour.calendar import Calendar
from harbour.settings import HarbourSettings


@dataclass(frozen=True)
class Block:
    """Neighbouring customers, numbered over the whole bank from ``first``.

    Every purpose has a stream of random numbers of its own, spawned from the seed: a draw
    more in one part changes no other part, and no other block.
    """

    settings: HarbourSettings
    number: int
    first: int
    size: int

    @property
    def calendar(self) -> Calendar:
        return Calendar.of(self.settings)

    def draw(self, purpose: str) -> np.random.Generator:
        """Open the purpose's stream of random numbers."""
        key = (self.number, zlib.crc32(purpose.encode()))
        return np.random.default_rng(np.random.SeedSequence(self.settings.seed, spawn_key=key))


def blocks(settings: HarbourSettings) -> Iterator[Block]:
    """Divide the customers; the last block takes a rest that is no half block of its own."""
    size = settings.block_customers
    number = max(1, round(settings.customers / size))
    for i in range(number):
        end = settings.customers if i == number - 1 else (i + 1) * size
        yield Block(settings, i, i * size, end - i * size)
