"""The six kinds of people that the bank serves: the root cause of all that is made.

No extract says who is what; a segmentation may try to find out.
"""

from dataclasses import dataclass

import numpy as np

from harbour.arrays import Floats

EMPLOYMENT = ("employed", "self-employed", "retired", "student", "unemployed")
EDUCATION = ("primary", "secondary", "tertiary")
MARITAL = ("single", "married", "divorced", "widowed")
RESIDENCE = ("rented", "owned", "mortgaged", "other")
# Products that may be taken up, in the order of all arrays by product.
PRODUCTS = ("savings", "term_deposit", "investment", "insurance", "card", "loan", "mortgage")


@dataclass(frozen=True)
class Persona:
    """One kind of people.

    Attributes:
        age: mean, spread, lowest and highest, in years.
        income: median monthly net income in major units, and the spread of its logarithm.
        digital: digital events a month of an engaged customer.
        education, marital, residence: shares, in the order of the names above.
        strain: chance a month that financial stress rises one level.
        cooling: factor on the chance that engagement falls.
        holds: share that holds each product when the extracts begin; of a mortgage, among
            those whose home is mortgaged.
        wants: chance a month of taking up each product in good times.
        spends: factor on the number of purchases.
    """

    name: str
    share: float
    age: tuple[float, float, float, float]
    income: tuple[float, float]
    employment: str
    digital: float
    children: float
    education: tuple[float, ...]
    marital: tuple[float, ...]
    residence: tuple[float, ...]
    strain: float
    cooling: float
    holds: tuple[float, ...]
    wants: tuple[float, ...]
    spends: float


PERSONAS = (
    Persona("student", 0.12, (22, 2.2, 18, 29), (950, 0.25), "student", 4.2, 0.02,
            (0.05, 0.80, 0.15), (0.94, 0.06, 0.0, 0.0), (0.55, 0.02, 0.0, 0.43), 0.050, 1.3,
            (0.30, 0.01, 0.03, 0.05, 0.10, 0.04, 0.6),
            (0.018, 0.0015, 0.006, 0.0045, 0.015, 0.006, 0.0), 0.68),
    Persona("young professional", 0.22, (30, 4.0, 22, 42), (2700, 0.30), "employed", 3.4, 0.3,
            (0.03, 0.37, 0.60), (0.66, 0.30, 0.04, 0.0), (0.72, 0.10, 0.16, 0.02), 0.036, 1.5,
            (0.50, 0.06, 0.18, 0.20, 0.42, 0.26, 0.6),
            (0.018, 0.0075, 0.015, 0.0105, 0.021, 0.0165, 0.0), 0.98),
    Persona("family", 0.26, (42, 6.5, 26, 60), (3300, 0.30), "employed", 2.4, 1.7,
            (0.08, 0.56, 0.36), (0.08, 0.80, 0.11, 0.01), (0.38, 0.17, 0.44, 0.01), 0.042, 0.8,
            (0.62, 0.10, 0.14, 0.48, 0.40, 0.32, 0.6),
            (0.0135, 0.006, 0.006, 0.015, 0.012, 0.015, 0.0), 1.06),
    Persona("self-employed", 0.10, (45, 9.0, 24, 68), (3100, 0.60), "self-employed", 2.6, 0.9,
            (0.08, 0.52, 0.40), (0.24, 0.62, 0.13, 0.01), (0.42, 0.26, 0.30, 0.02), 0.055, 1.0,
            (0.48, 0.08, 0.16, 0.34, 0.46, 0.34, 0.6),
            (0.012, 0.006, 0.009, 0.0105, 0.015, 0.018, 0.0), 0.94),
    Persona("affluent", 0.08, (52, 10.0, 30, 78), (7200, 0.40), "employed", 2.4, 0.8,
            (0.01, 0.19, 0.80), (0.12, 0.76, 0.10, 0.02), (0.10, 0.58, 0.31, 0.01), 0.012, 1.1,
            (0.82, 0.34, 0.62, 0.58, 0.68, 0.10, 0.6),
            (0.018, 0.021, 0.027, 0.012, 0.015, 0.0045, 0.0), 1.19),
    Persona("retired", 0.22, (71, 6.5, 58, 95), (1900, 0.32), "retired", 0.7, 0.02,
            (0.24, 0.58, 0.18), (0.08, 0.56, 0.12, 0.24), (0.38, 0.56, 0.04, 0.02), 0.022, 0.5,
            (0.66, 0.28, 0.10, 0.34, 0.18, 0.09, 0.6),
            (0.0105, 0.015, 0.0045, 0.006, 0.0045, 0.0045, 0.0), 0.77),
)  # fmt: skip


def by_persona(attribute: str) -> Floats:
    """One attribute of every persona, shape (6,) or (6, options)."""
    return np.array([getattr(persona, attribute) for persona in PERSONAS], dtype=np.float64)
