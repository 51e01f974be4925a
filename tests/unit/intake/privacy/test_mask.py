"""No known value of a customer survives in its notes, however it is written there."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.intake.privacy.mask import (
    EMAIL,
    ID,
    NAME,
    NUMBER,
    PHONE,
    Known,
    known_of,
    mask,
    mask_notes,
)
from limner.intake.text_folding import digits_of, fold
from people import records_of

JAN = known_of(
    names=["Ján Novák-O'Brien", "王小明"],
    phones=["+420 777 123 456"],
    national_ids=["780101/1234", "AB 12 34 56 C"],
    emails=["jan.novak@mail.example", "odd address"],
)


@pytest.mark.parametrize(
    ("note", "masked"),
    [
        ("Ján Novák called", f"{NAME} {NAME} called"),
        ("mr NOVAK, jan", f"mr {NAME}, {NAME}"),
        ("Novák's card", f"{NAME} card"),
        ("Nova\u0301k and No\u200bvák", f"{NAME} and {NAME}"),
        ("o'brien, O’BRIEN and obrien", f"{NAME}, {NAME} and {NAME}"),
        ("jan_novak", f"{NAME}_{NAME}"),
        ("客户王小明来电，小明说好", f"客户{NAME}来电，{NAME}说好"),
        ("王 小 明", NAME),
        ("call 777-123-456", f"call {PHONE}"),
        ("call 00420 (777) 123.456!", f"call {PHONE}!"),
        ("call ７７７１２３４５６", f"call {PHONE}"),
        ("id 7801011234", f"id {ID}"),
        ("id 780101 / 1234", f"id {ID}"),
        ("id ab123456c", f"id {ID}"),
        ("mail JAN.NOVAK@mail.example", f"mail {EMAIL}"),
        ("mail Odd Address", f"mail {EMAIL}"),
        ("her sister eva@post.example", f"her sister {EMAIL}"),
        ("card 4556 7375 8689 9855", f"card {NUMBER}"),
        ("wants 500 Kč, in 12 months", "wants 500 Kč, in 12 months"),
        ("January, janitor, novakian", "January, janitor, novakian"),
        ("", ""),
    ],
)
def test_masks_people_and_keeps_the_rest(note: str, masked: str) -> None:
    assert mask(note, JAN) == masked


names = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=2, max_size=9)
fillers = st.text(st.characters(exclude_categories=["Cs", "Nd"]), max_size=8)
separators = st.sampled_from(["", " ", "-", ".", "/", ") "])


@given(st.lists(names, min_size=1, max_size=3), fillers, fillers, st.data())
def test_no_word_of_a_known_name_survives(
    parts: list[str], before: str, after: str, data: st.DataObject
) -> None:
    known = known_of(names=[" ".join(parts)])
    shown = data.draw(st.sampled_from(parts))
    forms = [shown, shown.upper(), shown.lower(), unicodedata.normalize("NFD", shown)]
    masked = mask(f"{before} {data.draw(st.sampled_from(forms))}, {after}", known)
    left = masked
    for placeholder in (NAME, PHONE, ID, EMAIL, NUMBER):
        left = left.replace(placeholder, " ")
    assert known.words.isdisjoint(fold(left).split())


@given(st.text("0123456789", min_size=4, max_size=14), fillers, fillers, st.data())
def test_no_known_telephone_survives(
    phone: str, before: str, after: str, data: st.DataObject
) -> None:
    parts = [digit + data.draw(separators) for digit in phone[:-1]]
    masked = mask(f"{before} {''.join(parts)}{phone[-1]} {after}", known_of(phones=[phone]))
    known = phone.lstrip("0")
    assert len(known) < 2 or known not in digits_of(masked)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_masking_a_masked_note_changes_nothing(note: str) -> None:
    once = mask(note, JAN)
    assert mask(once, JAN) == once


@given(st.lists(st.sampled_from(["Ján", "novák", "fee", "loan", "and", "王小明"]), max_size=12))
def test_words_that_name_nobody_are_kept_in_order(words: list[str]) -> None:
    kept = [word for word in words if word in ("fee", "loan", "and")]
    masked = mask(" ".join(words), JAN).split()
    assert [word for word in masked if word != NAME] == kept


def test_a_note_is_masked_with_all_records_of_its_own_customer() -> None:
    records = records_of(
        {"customer_id": "c1", "full_name": "Eva Malá"},
        {"customer_id": "c1", "full_name": "Eva Nová", "phone": "777 123 456"},
        {"customer_id": "c2", "full_name": "Jan Dub"},
    )
    notes = pd.Series(["Malá, now Nová: 777123456", "Nová and Dub", None, "Dub"], name="note")
    owners = pd.Series(["c1", "c2", "c1", "unknown"])
    masked = mask_notes(notes, owners, records)
    assert masked.tolist() == [f"{NAME}, now {NAME}: {PHONE}", f"Nová and {NAME}", None, "Dub"]
    assert masked.name == "note"


def test_patterns_are_masked_where_nothing_is_known() -> None:
    assert mask("eva@x.example, 123 456 789", Known()) == f"{EMAIL}, {NUMBER}"
