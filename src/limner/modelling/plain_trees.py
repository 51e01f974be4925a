"""Boosted trees as plain arrays: what XGBoost's own JSON of an ensemble says, and no more."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlainTree:
    """One tree; arrays have an entry a node, the root first.

    ``left`` and ``right`` are -1 at a leaf. A row goes left where its feature is below
    ``threshold``, or, at a node that ``categories`` names, is none of those codes; where it is
    missing, ``missing_left`` says. ``cover`` is the sum of hessians that came by; ``value``
    is a leaf's addition to the margin of class ``output``.
    """

    output: int
    left: Ints
    right: Ints
    feature: Ints
    threshold: Floats
    missing_left: npt.NDArray[np.bool_]
    cover: Floats
    value: Floats
    categories: dict[int, Ints]


def read_trees(ensemble: bytes) -> list[PlainTree]:
    """Read every tree of XGBoost's JSON format, in the order in which they were grown."""
    model = json.loads(ensemble)["learner"]["gradient_booster"]["model"]
    return [
        _plain(tree, int(output))
        for tree, output in zip(model["trees"], model["tree_info"], strict=True)
    ]


def _plain(tree: dict[str, Any], output: int) -> PlainTree:
    left = np.array(tree["left_children"], dtype=np.int64)
    # One list for both: a threshold where a node parts its rows, a value where it is a leaf.
    numbers = np.array(tree["split_conditions"], dtype=np.float32).astype(np.float64)
    return PlainTree(
        output=output,
        left=left,
        right=np.array(tree["right_children"], dtype=np.int64),
        feature=np.array(tree["split_indices"], dtype=np.int64),
        threshold=numbers,
        missing_left=np.array(tree["default_left"], dtype=bool),
        cover=np.array(tree["sum_hessian"], dtype=np.float64),
        value=np.where(left == -1, numbers, 0.0),
        categories=dict(_categories(tree)),
    )


def _categories(tree: dict[str, Any]) -> Iterator[tuple[int, Ints]]:
    codes = np.array(tree["categories"], dtype=np.int64)
    parts = (tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"])
    for node, start, size in zip(*parts, strict=True):
        yield int(node), codes[int(start) : int(start) + int(size)]
