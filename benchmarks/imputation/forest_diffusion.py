"""ForestDiffusion as a contestant; the library is no dependency (the README says how to add it).

It is given what it needs to finish in minutes: the columns to fill are learned jointly, on
condition of the columns that tell most of them, with fewer noise levels and trees than by default.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.modelling.imputation_inputs import InputColumn, encode_inputs, fit_inputs

Floats = npt.NDArray[np.float64]
_TELLING = 12
_LEVELS, _COPIES, _DEPTH, _TREES = 20, 5, 5, 60
_DRAWS = 20


class ForestDiffusion:
    """One fit of all columns to fill; :meth:`of` gives the contestant of one."""

    def __init__(
        self, rows: pd.DataFrame, columns: list[str], gaps: tuple[str, ...], seed: int, threads: int
    ) -> None:
        from ForestDiffusion import ForestDiffusionModel

        inputs = fit_inputs(rows, columns)
        values = encode_inputs(inputs, rows)
        self._inputs, self._gaps = inputs, [columns.index(name) for name in gaps]
        self._known = _telling(inputs, values, self._gaps, seed)
        wanted = self._wanted(values)
        # A row without any of them has nothing to be learned from, and the library drops it
        # from one of two matrices only.
        some = ~np.isnan(wanted).all(axis=1)
        categories = [i for i, at in enumerate(self._gaps) if inputs[at].categories]
        self._model = ForestDiffusionModel(
            wanted[some], X_covs=values[some][:, self._known], n_t=_LEVELS, duplicate_K=_COPIES,
            diffusion_type="vp", max_depth=_DEPTH, n_estimators=_TREES, eta=0.2,
            cat_indexes=categories, n_jobs=1, n_batch=1, seed=seed, nthread=threads,
        )  # fmt: skip

    def of(self, column: str) -> "_OneColumn":
        """Give the contestant for one column."""
        return _OneColumn(self, [self._inputs[at].name for at in self._gaps].index(column))

    def fill(self, frame: pd.DataFrame) -> Floats:
        """Draw all columns: shape (n_draws, n_rows, n_gaps)."""
        values = encode_inputs(self._inputs, frame)
        # The library scales and spells out categories in fitting only: new rows come ready made.
        ready = self._model.scaler.transform(self._spelt_out(self._wanted(values)))
        np.random.seed(1)
        found = self._model.impute(k=_DRAWS, X=ready, X_covs=values[:, self._known])
        found[:, :, 0] = np.exp(found[:, :, 0])
        return found

    def classes(self, place: int) -> int:
        return len(self._inputs[self._gaps[place]].categories or ())

    def _wanted(self, values: Floats) -> Floats:
        wanted = values[:, self._gaps].copy()
        wanted[:, 0] = np.log(wanted[:, 0])
        return wanted

    def _spelt_out(self, wanted: Floats) -> Floats:
        parts = []
        for place in range(wanted.shape[1]):
            values = wanted[:, place]
            if not self.classes(place):
                parts.append(values)
            # The first category is where all indicators are off.
            codes = range(1, self.classes(place))
            parts += [np.where(np.isnan(values), np.nan, values == code) for code in codes]
        return np.column_stack(parts)


class _OneColumn:
    def __init__(self, fitted: ForestDiffusion, place: int) -> None:
        self._fitted, self._place = fitted, place

    def centre(self, frame: pd.DataFrame) -> Floats:
        return np.median(self.draws(frame, _DRAWS), axis=0)

    def draws(self, frame: pd.DataFrame, count: int) -> Floats:
        return self._fitted.fill(frame)[:, :, self._place]

    def probabilities(self, frame: pd.DataFrame) -> Floats:
        drawn = self.draws(frame, _DRAWS)
        codes = range(self._fitted.classes(self._place))
        return np.stack([(drawn == code).mean(axis=0) for code in codes], axis=1)


def _telling(
    inputs: tuple[InputColumn, ...], values: Floats, gaps: list[int], seed: int
) -> list[int]:
    """Find the columns that tell most of each column to fill, by gain."""
    import xgboost

    rest = [at for at in range(len(inputs)) if at not in gaps]
    found: list[int] = []
    for gap in gaps:
        known = ~np.isnan(values[:, gap])
        booster = xgboost.train(
            {"max_depth": 4, "learning_rate": 0.1, "seed": seed},
            xgboost.DMatrix(values[known][:, rest], values[known, gap]), 60,
        )  # fmt: skip
        gain = booster.get_score(importance_type="total_gain")
        best = sorted(gain, key=lambda name: -gain[name])[:_TELLING]
        found += [at for name in best if (at := rest[int(name[1:])]) not in found]
    return found
