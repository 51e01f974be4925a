"""Every deliberate error: an exit code of its own and one line that says what is wrong."""

import inspect
import pkgutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import limner
from limner.errors import FieldFault, LimnerError, RecordInvalid, some_of

# MLflow runs this one as a script: importing it declares a model.
_SCRIPTS = {"limner.pyfunc_model"}


def every_error() -> list[type[LimnerError]]:
    for module in pkgutil.walk_packages(limner.__path__, "limner."):
        if module.name not in _SCRIPTS:
            import_module(module.name)
    return sorted(set(subclasses(LimnerError)), key=lambda error: error.exit_code)


def subclasses(error: type[LimnerError]) -> Iterator[type[LimnerError]]:
    for found in error.__subclasses__():
        if found.__module__.startswith("limner."):
            yield found
        yield from subclasses(found)


def example_of(error: type[LimnerError]) -> LimnerError:
    """Raise it with plain values of the types that it asks for."""
    parameters = list(inspect.signature(error.__init__).parameters.values())[1:]
    required = [p for p in parameters if p.default is inspect.Parameter.empty]
    return error(*(_plain_value(parameter.annotation) for parameter in required))


def _plain_value(annotation: Any) -> object:
    plain = {str: "fact", int: 3, float: 0.5, Path: Path("folder")}
    if annotation in plain:
        return plain[annotation]
    if is_dataclass(annotation):
        hints = get_type_hints(annotation)
        return annotation(*(_plain_value(hints[field.name]) for field in fields(annotation)))
    if "FieldFault" in str(annotation):
        return [FieldFault(0, "age", "must be given")]
    return [3] if "int" in str(annotation) else ["fact", "other"]


ERRORS = every_error()
ENDING_SIGNALS = {int(number) for number in signal.Signals if number < 32} - {
    signal.SIGCHLD, signal.SIGCONT, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN,
    signal.SIGTTOU, signal.SIGURG, signal.SIGWINCH,
}  # fmt: skip


def test_no_two_errors_share_an_exit_code() -> None:
    shared = {code: n for code, n in Counter(error.exit_code for error in ERRORS).items() if n > 1}
    assert not shared
    assert len(ERRORS) > 20


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_an_error_has_an_exit_code_of_its_own_and_one_line(error: type[LimnerError]) -> None:
    # 1 is a fault of Limner, 2 a wrong command line; 126, 127 and 128 with the number of a
    # signal that ends a process are the shell's.
    assert "exit_code" in vars(error)
    assert 2 < error.exit_code < 255
    assert error.exit_code not in (126, 127, 128)
    assert error.exit_code - 128 not in ENDING_SIGNALS
    assert error.__doc__
    message = str(example_of(error))
    assert message
    assert "\n" not in message


def test_an_error_never_lists_without_end() -> None:
    faults = [FieldFault(record, "age", "must be given") for record in range(1000)]
    assert str(RecordInvalid(faults)).count("must be given") == 5
    assert some_of(range(1000)) == "0, 1, 2, 3, 4, 5, 6, 7 … (992 more)"


def test_a_fault_points_at_its_field_from_the_list_of_records() -> None:
    assert FieldFault(2, "age", "must be given").pointer == "/2/age"
    assert FieldFault(2, "", "no record").pointer == "/2"
