"""The only door to woodelf: contributions of many rows at once, as XGBoost's own are.

Woodelf computes path-dependent Shapley values from the patterns in which rows pass a leaf's
path, of which there are few, instead of row by row. It reads no ensemble with categorical
splits, but explains trees of nodes that it is given: here they are made from plain arrays.

Source:
    Nadel and Wettenstein (2026), From Decision Trees to Boolean Logic: A Fast and Unified
    SHAP Algorithm.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.features.encoding import Matrix
from limner.modelling.plain_trees import Ints, PlainTree

Contributions = npt.NDArray[np.float32]


class BatchContributions:
    """Shapley contributions of an ensemble's margins, for batches of rows."""

    def __init__(self, trees: Sequence[PlainTree]) -> None:
        outputs = sorted({tree.output for tree in trees})
        self._ensembles = [
            _ensemble([tree for tree in trees if tree.output == output]) for output in outputs
        ]

    def __call__(self, values: Matrix, base: npt.NDArray[np.float32]) -> Contributions:
        """Explain rows, shape (n_rows, n_features), in one thread.

        Args:
            base: margin of each output of which no feature is known, shape (n_outputs,).

        Returns:
            shape (n_rows, n_outputs, n_features + 1), the base value last.
        """
        rows, features = values.shape
        found = np.zeros((rows, len(self._ensembles), features + 1), dtype=np.float32)
        found[..., -1] = base
        table = _Rows(values)
        for output, ensemble in enumerate(self._ensembles):
            for feature, moved in _shapley_values(ensemble, table).items():
                found[:, output, feature] = moved
        return found


class _Rows:
    """What woodelf asks of a table, without a table's cost at every node of every tree."""

    def __init__(self, values: Matrix) -> None:
        self.index, self.columns = pd.RangeIndex(len(values)), range(values.shape[1])
        # One feature after the other in memory, as the trees read them.
        self._values = np.ascontiguousarray(values.T)

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, feature: int) -> npt.NDArray[np.float32]:
        values: npt.NDArray[np.float32] = self._values[feature]
        return values


class _Passing:
    """Which rows go one way at a node, as woodelf reads it."""

    def __init__(self, rows: npt.NDArray[np.bool_]) -> None:
        self._rows = rows

    def __invert__(self) -> "_Passing":
        return _Passing(~self._rows)

    def to_numpy(self) -> npt.NDArray[np.bool_]:
        return self._rows


def _shapley_values(ensemble: Any, rows: _Rows) -> dict[int, npt.NDArray[np.float64]]:
    from woodelf.core.cube_metric import ShapleyValues
    from woodelf.woodelf_sparse import hybrid_woodelf

    values: dict[int, npt.NDArray[np.float64]] = hybrid_woodelf(
        ensemble, rows, None, ShapleyValues(), model_was_loaded=True, verbose=False
    )
    return values


def _ensemble(trees: Sequence[PlainTree]) -> Any:
    from woodelf.core.trees.decision_trees_ensemble import DecisionTreesEnsemble

    return DecisionTreesEnsemble([_root(tree) for tree in trees])


def _root(tree: PlainTree) -> Any:
    nodes = [_node(tree, number) for number in range(len(tree.left))]
    for number, node in enumerate(nodes):
        if tree.left[number] != -1:
            node.left, node.right = nodes[tree.left[number]], nodes[tree.right[number]]
            node.left.parent = node.right.parent = node
    nodes[0].depth = nodes[0].get_depth()
    return nodes[0]


def _node(tree: PlainTree, number: int) -> Any:
    from woodelf.core.trees.decision_trees_ensemble import DecisionTreeNode

    inner = tree.left[number] != -1
    feature = int(tree.feature[number]) if inner else None
    node = DecisionTreeNode(
        feature_name=feature, value=(tree.threshold if inner else tree.value)[number],
        right=None, left=None, index=number, cover=float(tree.cover[number]),
    )  # fmt: skip
    if feature is not None:
        # In place of its own rule, which knows no categories.
        node.shall_go_left = _Split(
            feature, np.float32(tree.threshold[number]), bool(tree.missing_left[number]),
            tree.categories.get(number),
        )  # fmt: skip
    return node


class _Split(NamedTuple):
    """A node that parts rows by a threshold, or by a set of codes."""

    feature: int
    threshold: np.float32
    missing_left: bool
    codes: Ints | None

    def __call__(self, rows: _Rows, _gpu: bool) -> _Passing:
        values = rows[self.feature]
        if self.codes is None:
            # A missing value is neither below nor at or above.
            below = values < self.threshold
            return _Passing(~(values >= self.threshold) if self.missing_left else below)
        others = ~np.isin(values, self.codes)
        return _Passing(others if self.missing_left else others & ~np.isnan(values))
