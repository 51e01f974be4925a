"""Writes the bank: the systems' extracts into one folder, the truth into another."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from harbour.block import blocks
from harbour.cashflow import DRIFT_PAY
from harbour.chains import DRIFT_STRAIN
from harbour.digital import DRIFT_DIGITAL
from harbour.extracts import extracts_of, reference_extracts
from harbour.faults import Planting
from harbour.personas import PERSONAS
from harbour.plants import PLANTS
from harbour.settings import HarbourSettings
from harbour.spending import HABITS
from harbour.truth import truth_of
from harbour.uptake import DRIFT_CARD
from harbour.world import Chances, World, make_world
from harbour.writing import GrowingFiles
from limner.artifacts import replacing_folder, write_json
from limner.portfolios.bank import Extract

_FAULTS = pa.schema([("table", pa.string()), ("key", pa.string()), ("kind", pa.string()),
                     ("column", pa.string()), ("rows", pa.int64())])  # fmt: skip


def _silent(done: int, customers: int) -> None:
    """Report nothing."""


def generate(
    stated: Sequence[Extract],
    folder: Path,
    truth: Path,
    settings: HarbourSettings,
    report: Callable[[int, int], None] = _silent,
) -> None:
    """Write the bank whole, or not at all; equal settings give equal bytes.

    Memory grows with ``settings.block_customers``, not with ``settings.customers``.

    Args:
        stated: name, place and form of each extract, as the portfolio states them.
        folder: replaced by the extracts.
        truth: replaced by the tables that the package's docstring lists.
        report: told after each block how many customers are done, of how many.
    """
    chances = Chances.of(settings)
    form = {extract.name: extract for extract in stated}
    with (
        replacing_folder(folder) as extract_folder,
        replacing_folder(truth) as truth_folder,
        GrowingFiles(extract_folder) as extracts,
        GrowingFiles(truth_folder) as truths,
    ):
        for name, rows in reference_extracts(settings.extract_day.isoformat()):
            extracts.append(form[name], "", rows)
        truths.append_parquet("drift.parquet", _drift(settings))
        write_json(truth_folder / "settings.json", settings.model_dump(mode="json"))
        for block in blocks(settings):
            world, planting = make_world(block, chances), Planting(block, PLANTS)
            for name, part, rows in extracts_of(world):
                extracts.append(form[name], part, planting.plant(name, rows))
            _write_truth(world, planting, truths)
            report(block.first + block.size, settings.customers)


def _write_truth(world: World, planting: Planting, truths: GrowingFiles) -> None:
    for name, rows in truth_of(world):
        truths.append_parquet(f"{name}.parquet", rows)
    truths.append_parquet("faults.parquet", pa.Table.from_pylist(planting.planted, _FAULTS))


def _drift(settings: HarbourSettings) -> Any:
    """What changes on the day of the drift, and by which factor."""
    changes = [("chance that financial stress rises", DRIFT_STRAIN),
               ("chance to take up a credit card, now the Harbour One Card", DRIFT_CARD),
               ("digital events", DRIFT_DIGITAL)]  # fmt: skip
    changes += [(f"income of the {persona.name}", float(pay))
                for persona, pay in zip(PERSONAS, DRIFT_PAY, strict=True) if pay != 1]  # fmt: skip
    changes += [(f"number of payments for {h.category}", h.drift) for h in HABITS if h.drift != 1]
    return pa.table({
        "from": pa.array(np.repeat(np.datetime64(settings.drift_from), len(changes))),
        "what": [what for what, _ in changes],
        "factor": [factor for _, factor in changes],
    })  # fmt: skip
