"""Samples, features, models and records."""

from collections.abc import Sequence
from datetime import date

from limner.errors.base import LimnerError, some_of


class UnknownCategory(LimnerError):
    """A category that the model never saw in training."""

    exit_code = 14

    def __init__(self, column: str, value: str, known: Sequence[str], where: str) -> None:
        self.column, self.value, self.known, self.where = column, value, tuple(known), where
        super().__init__(
            f"{where}: {column} = '{value}' was never seen in training;"
            f" known values: {some_of(known, 20)}"
        )


class EmptySample(LimnerError):
    """A sample that must hold customers holds none."""

    exit_code = 15

    def __init__(self, model: str, sample: str, remedy: str) -> None:
        self.model, self.sample, self.remedy = model, sample, remedy
        super().__init__(f"model {model}: the {sample} sample holds no customer: {remedy}")


class SingleClassSample(LimnerError):
    """A sample in which every customer has the same outcome."""

    exit_code = 16

    def __init__(self, model: str, sample: str, outcome: str, value: int, rows: int) -> None:
        self.model, self.sample, self.outcome = model, sample, outcome
        self.value, self.rows = value, rows
        super().__init__(
            f"model {model}: all {rows:,} customers of the {sample} sample have {outcome}"
            f" = {value}: a model needs both outcomes; widen the sample or check the"
            " outcome's definition"
        )


class AdditivityBroken(LimnerError):
    """Contributions do not add up to the score they explain."""

    exit_code = 17

    def __init__(self, model: str, gap: float, tolerance: float) -> None:
        self.model, self.gap, self.tolerance = model, gap, tolerance
        super().__init__(
            f"model {model}: contributions miss the score by {gap:.2g},"
            f" more than {tolerance:.2g}: the explanation may not be shown"
        )


class FeatureForbidden(LimnerError):
    """A model asks for a feature that it may not use."""

    exit_code = 19

    def __init__(self, model: str, feature: str, reason: str) -> None:
        self.model, self.feature, self.reason = model, feature, reason
        super().__init__(f"model {model} may not use feature {feature}: {reason}")


class NoChampion(LimnerError):
    """Nothing can be served: no model has a champion in the registry."""

    exit_code = 20

    def __init__(self, registry: str) -> None:
        self.registry = registry
        super().__init__(
            f"no model has a champion in {registry}: run 'uv run dvc repro' in the project's folder"
            " (after 'dvc pull': 'uv run limner register')"
        )


class RecordInvalid(LimnerError):
    """A record that cannot be scored, with every field at fault."""

    exit_code = 22

    def __init__(self, faults: Sequence["FieldFault"]) -> None:
        self.faults = tuple(faults)
        shown = [f"{fault.pointer}: {fault.detail}" for fault in self.faults[:5]]
        if len(self.faults) > len(shown):
            shown.append(f"and {len(self.faults) - len(shown):,} more")
        super().__init__("; ".join(shown))


class FieldFault:
    """One field of one record that cannot be scored."""

    __slots__ = ("detail", "field", "record")

    def __init__(self, record: int, field: str, detail: str) -> None:
        self.record, self.field, self.detail = record, field, detail

    @property
    def pointer(self) -> str:
        """JSON pointer (RFC 6901) from the list of records to the field."""
        return f"/{self.record}/{self.field}" if self.field else f"/{self.record}"


class ImputationImpossible(LimnerError):
    """Missing values of a column cannot be filled from the development sample."""

    exit_code = 69

    def __init__(self, column: str, fact: str, remedy: str) -> None:
        self.column, self.fact = column, fact
        super().__init__(f"column {column} cannot be imputed: {fact}: {remedy}")


class FeatureUnfit(LimnerError):
    """A feature that no model can learn from as it is."""

    exit_code = 72

    def __init__(self, model: str, feature: str, fact: str, remedy: str) -> None:
        self.model, self.feature, self.fact = model, feature, fact
        super().__init__(f"model {model}, feature {feature}: {fact}: {remedy}")


class LeakSuspected(LimnerError):
    """A feature that alone ranks the outcome so well that it must have seen it."""

    exit_code = 73

    def __init__(
        self, model: str, feature: str, column: str, by: str, auc: float, limit: float
    ) -> None:
        self.model, self.feature, self.column, self.by = model, feature, column, by
        self.auc, self.limit = auc, limit
        super().__init__(
            f"model {model}, feature {feature}: alone it ranks the outcome with AUC {auc:.3f},"
            f" {by} (limit {limit:g}): if {column} is known only afterwards, say so in the contract"
            " (timing=Timing.AFTER_OUTCOME) and take the feature out; if it is not, state in"
            f" 'screened' of src/limner/models/{model}.py, with taken_back, why it may be used"
        )


class TooFewEvents(LimnerError):
    """Too few customers of one outcome to part them into folds."""

    exit_code = 74

    def __init__(self, model: str, outcome: str, events: int, folds: int, least: int) -> None:
        self.model, self.outcome, self.events = model, outcome, events
        self.folds, self.least = folds, least
        super().__init__(
            f"model {model}: {events:,} customers have the rarer value of {outcome}, too few for"
            f" {folds} folds of at least {least}: widen the sample, or lower the number of folds"
        )


class NothingToTune(LimnerError):
    """A model that cannot be tuned as it is asked."""

    exit_code = 75

    def __init__(self, model: str, reason: str, remedy: str) -> None:
        self.model, self.reason = model, reason
        super().__init__(f"model {model} cannot be tuned: {reason}: {remedy}")


class ModelLeftOut(LimnerError):
    """A model was asked for that is left out, for the data of its portfolio is not here."""

    exit_code = 90

    def __init__(self, model: str, reason: str) -> None:
        self.model, self.reason = model, reason
        super().__init__(f"model {model} is left out: {reason}, then run 'uv run dvc repro'")


class NothingToChoose(LimnerError):
    """A model of several products has none that it can ask about."""

    exit_code = 83

    def __init__(self, model: str, left_out: Sequence[str]) -> None:
        self.model, self.left_out = model, tuple(left_out)
        super().__init__(
            f"model {model}: no product is left to ask about; left out: {some_of(self.left_out)}:"
            f" lower models.{model}.choice.least_events in params.yaml, widen the sample, or give"
            " the model the features that tell who holds a product"
        )


class RoundWithoutRows(LimnerError):
    """Days that a model is to be fitted on, or judged on, have no rows."""

    exit_code = 93

    def __init__(
        self, portfolio: str, first: date, last: date, held: tuple[str, str] | None
    ) -> None:
        self.portfolio, self.first, self.last, self.held = portfolio, first, last, held
        there = f"rows from {held[0]} to {held[1]}" if held else "no rows at all"
        super().__init__(
            f"portfolio {portfolio}: no rows from {first} to {last}, for there are {there}: move"
            f" delayed_samples.{portfolio} and out_of_time_from.{portfolio} in params.yaml to days"
            " inside the data"
        )
