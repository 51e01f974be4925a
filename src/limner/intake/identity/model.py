"""The only door to Splink: a Fellegi-Sunter model, trained on the records themselves.

Source: Fellegi and Sunter, A Theory for Record Linkage (1969); Splink 5.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd

from limner.engine import Connection, connect, count, land
from limner.intake.identity.blocking import KEYS
from limner.intake.identity.comparisons import COMPARISONS, Comparison
from limner.intake.identity.settings import IdentitySettings

if TYPE_CHECKING:
    from splink import Linker

# Pairs that agree in one of these are nearly surely one person: their number is the
# start of the estimate of how many duplicates there are, and the other fields learn from them.
_CERTAIN_KEYS = ("national id", "e-mail", "name and birth date")
_TRAINING_KEYS = ("national id", "e-mail", "given name and birth date", "name and birth date")
# Below these, shares say more about luck than about records: the assumed ones stay.
_FEWEST_TRAINING_PAIRS = 100
_FEWEST_RECORDS = 500


def match_pairs(keyed: pd.DataFrame, settings: IdentitySettings) -> pd.DataFrame:
    """Give the probability that two records are one person, for each pair worth a look.

    Args:
        keyed: normalised records with their blocking keys.

    Returns:
        ``record_a``, ``record_b``, ``probability``, ``found_by`` and one column a
        compared field with its level of agreement (None where unknown), for pairs of at
        least ``settings.floor``. The same records give the same bytes.
    """
    used = [c for c in COMPARISONS if keyed[list(c.needs)].notna().any(axis=None)]
    with _silence(), connect(1, settings.memory_limit, settings.spill) as connection:
        # A column without any value has no type of its own.
        texts = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in keyed.columns)
        land(connection, "records", keyed, texts)
        # From here on the records lie in the database only, which may spill.
        del keyed
        linker = _linker(connection, used, _share_of_matches(connection, settings.certain_share))
        _train(linker, connection, settings)
        found = linker.inference.predict(settings.floor, warning_mode="never")
        levels = (f"gamma_{_column(comparison)}" for comparison in used)
        wanted = ("record_id_l", "record_id_r", "match_probability", "match_key", *levels)
        scored = found.as_duckdbpyrelation().select(*wanted).df()
    return _named(scored, used)


def _linker(connection: Any, used: list[Comparison], share_of_matches: float) -> "Linker":
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    specification = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[_in_splink(comparison) for comparison in used],
        blocking_rules_to_generate_predictions=[block_on(f"key_{n}") for n in range(len(KEYS))],
        probability_two_random_records_match=share_of_matches,
        # Only so does Splink keep the levels of agreement; the values are dropped at once.
        retain_matching_columns=True,
        linker_uid="limner",
    )
    table = DuckDBAPI(connection).register("records")
    return Linker(table, specification, log_level=None, validate_settings=False)


def _in_splink(comparison: Comparison) -> dict[str, Any]:
    unknown = {"sql_condition": comparison.unknown, "is_null_level": True}
    levels = [
        {
            "sql_condition": level.holds or "ELSE",
            "label_for_charts": level.label,
            "m_probability": level.match_share,
            "u_probability": level.chance_share,
        }
        | ({"tf_adjustment_column": level.rarity_of, "disable_tf_exact_match_detection": True}
           if level.rarity_of else {})
        for level in comparison.levels
    ]  # fmt: skip
    return {
        "output_column_name": _column(comparison),
        "comparison_levels": [unknown, *levels],
    }


def _column(comparison: Comparison) -> str:
    return comparison.field.replace(" ", "_").replace("-", "_")


def _share_of_matches(connection: Connection, certain_share: float) -> float:
    """Estimate the chance that two records taken at random are one person."""
    records = count(connection, "records")
    all_pairs = records * (records - 1) / 2
    certain = max(_pairs_in(connection, key) for key in _CERTAIN_KEYS)
    return min(max(certain / certain_share, 1) / all_pairs, 0.5)


def _pairs_in(connection: Connection, key: str) -> int:
    column = _key_column(key)
    sizes = f"SELECT count(*) AS size FROM records WHERE {column} IS NOT NULL GROUP BY {column}"
    pairs = f"SELECT coalesce(sum(size * (size - 1) // 2), 0) FROM ({sizes})"
    return int(connection.execute(pairs).fetchall()[0][0])


def _key_column(key: str) -> str:
    return f"key_{list(KEYS).index(key)}"


def _train(linker: "Linker", connection: Connection, settings: IdentitySettings) -> None:
    from splink import block_on

    if count(connection, "records") < _FEWEST_RECORDS:
        return
    linker.training.estimate_u_using_random_sampling(
        max_pairs=settings.training_pairs, seed=settings.seed
    )
    for key in _TRAINING_KEYS:
        if _pairs_in(connection, key) >= _FEWEST_TRAINING_PAIRS:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(_key_column(key)), estimate_without_term_frequencies=True
            )


def _named(scored: pd.DataFrame, used: list[Comparison]) -> pd.DataFrame:
    """Put names in place of Splink's numbers, and pairs in the order of their records."""
    swap = scored["record_id_l"] > scored["record_id_r"]
    pairs = pd.DataFrame({
        "record_a": scored["record_id_l"].where(~swap, scored["record_id_r"]),
        "record_b": scored["record_id_r"].where(~swap, scored["record_id_l"]),
        # More digits than these are the sum's order, not knowledge.
        "probability": scored["match_probability"].astype(float).round(6),
        "found_by": scored["match_key"].astype(int).map(dict(enumerate(KEYS))).astype(object),
    })  # fmt: skip
    for comparison in COMPARISONS:
        labels = {n: level.label for n, level in enumerate(reversed(comparison.levels))}
        numbers = scored[f"gamma_{_column(comparison)}"] if comparison in used else None
        pairs[comparison.field] = None if numbers is None else numbers.map(labels).astype(object)
    filled = pairs.astype(object).where(pairs.notna(), None).astype({"probability": float})
    return filled.sort_values(["record_a", "record_b"], ignore_index=True)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Splink's advice to its own developers off the terminal."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
