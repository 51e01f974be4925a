"""Drafts of a portfolio that cannot be made or written."""

from collections.abc import Sequence

from limner.errors.base import LimnerError, some_of


class TableUnfit(LimnerError):
    """A file that cannot be read as one table, or that no portfolio can be drafted from."""

    exit_code = 60

    def __init__(self, file: str, reason: str, remedy: str) -> None:
        self.file, self.reason, self.remedy = file, reason, remedy
        super().__init__(f"{file}: {reason}: {remedy}")


class TargetUnfit(LimnerError):
    """A column that cannot be the outcome of a model: it has not two values."""

    exit_code = 61

    def __init__(self, column: str, reason: str, remedy: str) -> None:
        self.column, self.reason, self.remedy = column, reason, remedy
        super().__init__(f"target {column}: {reason}: {remedy}")


class DraftExists(LimnerError):
    """A draft would take the place of something that is there; nothing was written."""

    exit_code = 62

    def __init__(self, existing: Sequence[str]) -> None:
        self.existing = tuple(existing)
        super().__init__(
            f"{some_of(existing)} exists already and a draft never overwrites: choose another"
            " name (and another --model), or remove it first; nothing was written"
        )


class DraftNameInvalid(LimnerError):
    """A name that no portfolio or model can have."""

    exit_code = 63

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(
            f"'{name}' cannot be a name: {reason}; use lower-case letters, digits and _,"
            " starting with a letter, such as card_customers"
        )


class NoPlaceForDrafts(LimnerError):
    """Drafts belong into a checkout of the project, and this is none."""

    exit_code = 64

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"drafts cannot be written here: {reason}: {remedy}")


class EventNotStated(LimnerError):
    """A target has two values, and which of them is the event is not clear."""

    exit_code = 170

    def __init__(self, column: str, values: Sequence[str], counted: str) -> None:
        self.column, self.values = column, tuple(values)
        options = " or ".join(f"--event '{value}'" for value in values)
        super().__init__(
            f"target {column}: which of its values is the event to predict is not clear:"
            f" {counted}: state {options}"
        )


class HeaderAbsent(LimnerError):
    """A file has no header, so no column has the name that was stated."""

    exit_code = 171

    def __init__(self, file: str, wanted: str, reason: str, columns: Sequence[str]) -> None:
        self.file, self.wanted, self.reason = file, wanted, reason
        super().__init__(
            f"{file} has no header ({reason}), so no column is called {wanted}: name columns by"
            f" their place, {columns[0]} to {columns[-1]}, or put a header above the rows"
        )


class OptionsContradict(LimnerError):
    """Two options of the drafting say different things of one column."""

    exit_code = 172

    def __init__(self, column: str, first: str, second: str) -> None:
        self.column, self.first, self.second = column, first, second
        super().__init__(f"column {column} is named by {first} and by {second}: state one of them")


class NotStated(LimnerError):
    """A draft waits for what only a person can state: its purpose, or whom it favours."""

    exit_code = 160

    def __init__(self, model: str, key: str, file: str, allowed: Sequence[str]) -> None:
        self.model, self.key, self.file, self.allowed = model, key, file, tuple(allowed)
        super().__init__(
            f"{model}: {key} is not stated: write {' or '.join(allowed)} at models.{model}.{key}"
            f" in {file}"
        )


class FavourableUnfit(LimnerError):
    """What --favourable states is no value of the target."""

    exit_code = 161

    def __init__(self, stated: str, event: str, other: str) -> None:
        self.stated, self.event, self.other = stated, event, other
        super().__init__(
            f"--favourable '{stated}' is neither value of the target: state '{event}' if customers"
            f" with the event should get the favourable decision, '{other}' if those without"
        )


class DraftUnwritten(LimnerError):
    """A definition still has places that wait for a person; they are listed above the line."""

    exit_code = 162

    def __init__(self, places: int, files: Sequence[str]) -> None:
        self.places, self.files = places, tuple(files)
        super().__init__(
            f"{places} places of {some_of(files)} are still to be written; no version becomes"
            " champion before"
        )


class WordsInvalid(LimnerError):
    """A portfolio's table of words lacks an entry, or has one that is unknown or impossible."""

    exit_code = 163

    def __init__(self, file: str, problem: str) -> None:
        self.file, self.problem = file, problem
        super().__init__(f"{file}: {problem}")
