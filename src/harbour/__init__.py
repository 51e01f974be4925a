"""Harbour: a synthetic bank of many systems, made to be scored against.

Extracts are what the systems write down, in the forms that the portfolio states. Everything
follows from causes that no extract states: six personas, financial stress, engagement.
:func:`generate` writes what the maker knows apart, as Parquet:

================  ==============================================================================
``persons``       one row a core customer: persona and true attributes; month of default, leaving
``monthly``       one row a customer and first day of a month: hidden state; true chance of
                  default within 12 months (borrowers), churn within 6, uptake of each product
                  within 3 (those who lack it, if no campaign reaches them), with what came of
                  each; true income and margin of the month before
``uplift``        one row a contact of a campaign: chance without the offer, what the offer adds
``applications``  loans applied for: accepted or not, the chance of it, the chance at a bank
                  without bias, and whether the applicant defaults, or would have
``identity``      record id -> person id, and what differs from the person's first record
``faults``        broken rows: table, key, kind, column, rows that break a rule through it
``missing``       values left out: where, by which mechanism (MCAR, MAR, MNAR), the true value
``bias``          true and recorded income; a part of half of the women's is not recorded
``drift``         what changes on which day, by which factor
``planted``       every name, national id, phone and e-mail that must not be found after intake
================  ==============================================================================

Customers are keyed by the id of their (first) core record, ``core:<number>``, everywhere.
``settings.json`` beside them says what the bank was made from.
"""

from harbour.generator import generate
from harbour.settings import HarbourSettings, read_settings

__all__ = ["HarbourSettings", "generate", "read_settings"]
