"""Python and SQL give the same pseudonyms; kinds of things and keys never meet."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.engine import UnreadableTable, connect
from limner.intake.privacy.keys import PSEUDONYM, SecretKey
from limner.intake.privacy.pseudonyms import (
    bind_key,
    domain_of,
    pseudonym,
    pseudonym_sql,
    unbind_key,
)

KEY, OTHER_KEY = (SecretKey(bytes([n]) * 32, PSEUDONYM) for n in (7, 8))
encodable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def in_sql(texts: list[str | None], domain: str, key: SecretKey) -> list[str | None]:
    with connect() as connection:
        bind_key(connection, key, [domain])
        rows = connection.execute(
            f"SELECT {pseudonym_sql('text', domain)} FROM (SELECT unnest(?) AS text)", [texts]
        ).fetchall()
    return [row[0] for row in rows]


@given(st.lists(encodable, min_size=1, max_size=8), st.binary(min_size=32, max_size=100))
def test_sql_and_python_agree_on_every_text(texts: list[str], material: bytes) -> None:
    key = SecretKey(material, PSEUDONYM)
    assert in_sql(texts, "account", key) == [pseudonym(t, "account", key) for t in texts]


def test_a_pseudonym_is_the_hmac_that_its_definition_says() -> None:
    domain_key = hmac.new(bytes([7]) * 32, b"limner/1/pseudonym/domain/customer", hashlib.sha256)
    expected = hmac.new(domain_key.digest(), b"core:12", hashlib.sha256).hexdigest()[:32]
    assert pseudonym("core:12", "customer", KEY) == expected


def test_kinds_of_things_and_keys_never_share_a_pseudonym() -> None:
    of_seven = {pseudonym("7", domain, key) for domain in ("customer", "account", "card")
                for key in (KEY, OTHER_KEY)}  # fmt: skip
    assert len(of_seven) == 6


def test_an_unknown_id_stays_unknown_and_an_empty_one_does_not() -> None:
    assert in_sql([None, ""], "customer", KEY) == [None, pseudonym("", "customer", KEY)]


def test_never_gives_pseudonyms_without_a_key() -> None:
    with connect() as connection:
        bind_key(connection, KEY, ["customer"])
        for domain in ("account", "customer"):
            unbind_key(connection, ["customer"])
            with pytest.raises(UnreadableTable, match=f"no key is bound for domain {domain}"):
                connection.execute(f"SELECT {pseudonym_sql('a', domain)} FROM (SELECT 'x' AS a)")


@pytest.mark.parametrize(
    "broken",
    ["CAST({} AS INTEGER)", "no_such_function({})", "{} + 1", "unhex({} || 'zz')",
     "error({})", "{} || no_such_column"],
)  # fmt: skip
def test_an_error_of_the_engine_never_shows_the_key(broken: str) -> None:
    secret = KEY.derive("domain/customer").ljust(64, b"\0")
    masked = [bytes(byte ^ mask for byte in secret[:8]) for mask in (0, 0x36, 0x5C)]
    with connect() as connection:
        bind_key(connection, KEY, ["customer"])
        expression = broken.format(pseudonym_sql("a", "customer"))
        with pytest.raises(UnreadableTable) as fault:
            connection.execute(f"SELECT {expression} FROM (SELECT 'x' AS a)").fetchall()
    shown = str(fault.value).lower()
    for part in masked:
        assert part.hex() not in shown
        assert "".join(f"\\x{byte:02x}" for byte in part) not in shown
        assert repr(part).lower()[2:-1] not in shown


def test_refuses_a_domain_that_could_be_sql() -> None:
    with pytest.raises(ValueError, match="named by letters"):
        pseudonym_sql("a", "x') OR ('")


def test_a_key_column_names_its_domain() -> None:
    assert [domain_of(c) for c in ("customer_id", "counterparty")] == ["customer", "counterparty"]
