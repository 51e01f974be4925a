"""A block of the bank, made from cause to effect."""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Floats, Ints
from harbour.balances import Balances
from harbour.block import Block
from harbour.campaigns import Contacts, campaign
from harbour.cashflow import cash_flow
from harbour.chains import Paths, walk
from harbour.facts import Facts, record_facts
from harbour.holdings import Holdings, hold
from harbour.ledger import Entries
from harbour.loans import (
    Arrears,
    Loans,
    Plan,
    Repayments,
    lend,
    plan_of,
    repay,
    serve,
)
from harbour.people import People, make_people
from harbour.personas import PRODUCTS
from harbour.probabilities import (
    UPTAKE_WINDOW,
    churn_chances,
    default_chances,
    uptake_chances,
)
from harbour.records import Pool, Records, core_records, crm_records, make_pool
from harbour.settings import HarbourSettings
from harbour.uptake import Uptake, hazards, take_up


@dataclass(frozen=True)
class Chances:
    """True chances by month and hidden state; the same for every block.

    Attributes:
        hazard: of taking up a product this month; (months + 3, products, groups, stress,
            engagement). The others are as :mod:`harbour.probabilities` says.
    """

    hazard: Floats
    default: Floats
    churn: Floats
    uptake: Floats

    @classmethod
    def of(cls, settings: HarbourSettings) -> "Chances":
        months, drift = settings.months, settings.drift_month
        hazard = hazards(months + UPTAKE_WINDOW, drift, settings.bias_acceptance)
        uptake = [uptake_chances(months, drift, hazard[:, p]) for p in range(len(PRODUCTS))]
        return cls(hazard, default_chances(months, drift), churn_chances(months, drift),
                   np.stack(uptake))  # fmt: skip


@dataclass(frozen=True)
class World:
    """All that there is of a block's customers, before any system writes it down."""

    block: Block
    chances: Chances
    people: People
    pool: Pool
    core: Records
    crm: Records
    paths: Paths
    uptake: Uptake
    contacts: Contacts
    holdings: Holdings
    loans: Loans
    arrears: Arrears
    plan: Plan
    repayments: Repayments
    entries: Entries
    balances: Balances
    income: Floats
    facts: Facts

    def wishes(self) -> Floats:
        """Chance to take up any product this month; shape (customers, months)."""
        months = self.block.settings.months
        month, group = np.arange(months), self.people.group[:, None]
        state = (self.paths.stress[:, :months], self.paths.engagement[:, :months])
        total = np.zeros(state[0].shape)
        for row in range(len(PRODUCTS)):
            lacks = self.holdings.taken[row][:, None] >= month
            total += lacks * self.chances.hazard[month, row, group, *state]
        return total


def make_world(block: Block, chances: Chances) -> World:
    """Draw a block: who they are, what befalls them, what they take, what they pay."""
    people = make_people(block)
    pool = make_pool(block, people)
    core, crm = core_records(block, pool), crm_records(block, pool)
    paths = walk(block, people)
    uptake = take_up(block, people, paths)
    known = np.isin(np.arange(len(people)), crm.person)
    contacts, taken = campaign(block, people, paths, uptake, chances.uptake, known)
    loans = lend(block, people, taken)
    keeps = np.isin(np.arange(len(people)), loans.owner)
    holdings = hold(block, people, paths, taken, keeps)
    arrears = serve(block, paths, loans)
    plan = plan_of(block, loans, arrears)
    repayments = repay(block, loans, plan)
    entries, balances, income = cash_flow(
        block, people, paths, holdings, loans, arrears, plan, repayments
    )
    facts = record_facts(block, people, paths, income)
    return World(block, chances, people, pool, core, crm, paths, uptake, contacts, holdings, loans,
                 arrears, plan, repayments, entries, balances, income, facts)  # fmt: skip


def first_contact(crm: Records, size: int) -> Ints:
    """Number of each customer's first CRM record, -1 where there is none."""
    number = np.full(size, -1)
    customers = np.flatnonzero(crm.person < size)[::-1]
    number[crm.person[customers]] = crm.id[customers]
    return number
