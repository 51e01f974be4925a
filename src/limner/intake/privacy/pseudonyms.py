"""Keyed pseudonyms: the same key and id give the same pseudonym, and nothing gives the id.

HMAC-SHA-256 under a key of each domain's own, so that customer 7 and account 7 do not
meet; its first 128 bits as 32 hexadecimal characters. Among a thousand million ids of a
domain two share a pseudonym with a probability below 1e-20.

Source: RFC 2104 (HMAC).
"""

import hmac
from collections.abc import Iterable

from limner.engine import Connection, identifier
from limner.intake.privacy.keys import SecretKey

LENGTH = 32
_BLOCK = 64


def domain_of(column: str) -> str:
    """Name the kind of thing that a key column's values are ids of.

    >>> domain_of("customer_id"), domain_of("counterparty")
    ('customer', 'counterparty')
    """
    return column.removesuffix("_id")


def pseudonym(text: str, domain: str, key: SecretKey) -> str:
    """Return one id's pseudonym.

    Args:
        text: the id, for example ``core:12``.
        domain: the kind of thing, for example ``customer``.
    """
    return pseudonyms((text,), domain, key)[0]


def pseudonyms(texts: Iterable[str], domain: str, key: SecretKey) -> list[str]:
    """Return the pseudonyms of ids of one domain, in their order."""
    own = _domain_key(domain, key)
    return [hmac.digest(own, text.encode(), "sha256").hex()[:LENGTH] for text in texts]


def bind_key(connection: Connection, key: SecretKey, domains: Iterable[str]) -> None:
    """Give a connection what :func:`pseudonym_sql` needs for these domains.

    The key itself never is in the connection, and nothing derived from it is in the text
    of a query, which errors repeat: only padded keys of the domains, in variables. A
    query's *plan* (EXPLAIN) shows variables: never log one.
    """
    for domain in domains:
        padded = _domain_key(domain, key).ljust(_BLOCK, b"\0")
        for part, mask in (("inner", 0x36), ("outer", 0x5C)):
            connection.execute(
                f"SET VARIABLE {identifier(_variable(domain, part))} = CAST(? AS BLOB)",
                [bytes(byte ^ mask for byte in padded)],
            )


def unbind_key(connection: Connection, domains: Iterable[str]) -> None:
    """Take the domains' keys from a connection."""
    for domain in domains:
        for part in ("inner", "outer"):
            connection.execute(f"RESET VARIABLE {identifier(_variable(domain, part))}")


def pseudonym_sql(column: str, domain: str) -> str:
    """SQL of a column's pseudonyms, NULL where it is; the key must be bound first.

    Args:
        column: SQL of the ids; the caller quotes names.
    """
    inner, outer = (f"getvariable('{_variable(domain, part)}')" for part in ("inner", "outer"))
    hashed = f"unhex(sha256({inner} || encode(CAST({column} AS VARCHAR))))"
    # A variable that is not bound is NULL, and would give NULL for every id.
    unbound = f"WHEN {inner} IS NULL THEN error('no key is bound for domain {domain}')"
    return f"CASE {unbound} ELSE left(sha256({outer} || {hashed}), {LENGTH}) END"


def _domain_key(domain: str, key: SecretKey) -> bytes:
    return key.derive(f"domain/{domain}")


def _variable(domain: str, part: str) -> str:
    if not domain.replace("_", "").isalnum():
        raise ValueError("a domain is named by letters, digits and underscores")
    return f"limner_{domain}_{part}"
