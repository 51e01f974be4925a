"""How many of the cards that are looked into each day turn out to be compromised."""

import numpy as np
import numpy.typing as npt
import pandas as pd


def card_precision(
    days: npt.NDArray[np.datetime64], customers: npt.NDArray[np.object_],
    outcome: npt.NDArray[np.int64], scores: npt.NDArray[np.float64], top: int,
) -> float:  # fmt: skip
    """Return the share of compromised cards among the highest of each day, mean over the days.

    A card has the highest score of its day's transactions, and is compromised if one of them
    is fraudulent. One that was found is blocked: it is looked into on no later day. The share
    is of ``top`` even on a day with fewer cards.

    Args:
        days: of each transaction, shape (n_transactions,).
        customers: whose card, same shape.
        outcome: 0 or 1, same shape.
        scores: the higher the more suspicious, same shape; of equal ones the first goes first.
        top: cards that can be looked into a day.

    Source:
        Fraud Detection Handbook (2022), chapter 4, card precision top-k.

    >>> day = np.array(["2018-07-01"] * 3, dtype="datetime64[D]")
    >>> found = np.array([0, 1, 0])
    >>> card_precision(day, np.array(["a", "b", "b"], object), found, np.array([0.9, 0.2, 0.3]), 2)
    0.5
    """
    table = pd.DataFrame({"day": days, "customer": customers, "outcome": outcome, "score": scores})
    blocked: set[object] = set()
    shares = []
    for _, transactions in table.groupby("day", sort=True):
        open_cards = transactions[~transactions["customer"].isin(blocked)]
        cards = open_cards.groupby("customer", sort=False)[["score", "outcome"]].max()
        highest = cards.sort_values("score", ascending=False, kind="stable").head(top)
        found = highest.index[highest["outcome"] == 1]
        blocked.update(found)
        shares.append(len(found) / top)
    return float(np.mean(shares))
