import re

import pytest
from pyxform.xls2xform import convert

from needs.surveys.xlsform import READY, ready, write
from tests.surveys.xlsform.books import imported

ZH, EN = "中文 (zh)", "English (en)"
UNASKED = {"note", "calculate", "hidden", "start", "end", "today", "deviceid", "username"}


def questions(items):
    for item in items:
        if item["kind"] == "question":
            yield item
        yield from questions(item.get("items", []))


@pytest.mark.parametrize("code", READY)
def test_they_are_xlsforms(code):
    document = ready(code)
    again = imported(write(document))

    assert again.mistakes == ()
    assert again.document == document
    assert convert(write(document), validate=False).xform


@pytest.mark.parametrize("code", READY)
def test_they_ask_25_to_35_questions_in_both_languages(code):
    asked = [item for item in questions(ready(code)["items"]) if item["type"] not in UNASKED]

    assert 25 <= len(asked) <= 35
    for item in asked:
        for key in ("label", "hint", "constraint_message", "required_message"):
            assert set(item.get(key, {ZH: "", EN: ""})) == {ZH, EN}, item["name"]
        assert re.search("[一-鿿]", item["label"][ZH]) and not re.search("[一-鿿]", item["label"][EN])


@pytest.mark.parametrize("code", READY)
def test_each_constraint_says_what_is_wrong(code):
    for item in questions(ready(code)["items"]):
        assert bool(item.get("constraint")) == bool(item.get("constraint_message")), item["name"]


@pytest.mark.parametrize("code", READY)
def test_nobody_must_name_himself_and_what_names_is_personal(code):
    named = [item for item in questions(ready(code)["items"]) if item.get("personal")]

    assert len(named) == 2
    assert not any(item.get("required") for item in named)


@pytest.mark.parametrize("code", ["villagers", "talents"])
def test_the_quotas_know_age_sex_and_occupation(code):
    roles = {item["role"] for item in questions(ready(code)["items"]) if item.get("role")}

    assert roles & {"age", "age_band", "birth_date"} and {"sex", "occupation"} <= roles


def test_villagers_are_asked_in_the_education_bands_of_the_register():
    labels = [choice["label"][ZH] for choice in ready("villagers")["choices"]["education"]]

    assert [label[:2] for label in labels[:4]] == ["小学", "初中", "大专", "本科"]


def test_enterprises_fill_the_rows_of_the_scarce_talent_catalogue():
    names = {item["name"] for item in questions(ready("enterprises")["items"])}

    assert {
        "position_name",
        "headcount",
        "position_time",
        "needed_by",
        "major",
        "skills",
        "pay_low",
        "pay_high",
    } <= names
    assert {"position_education", "position_experience", "employer", "industry"} <= names


def test_a_copy_is_given():
    ready("talents")["items"].clear()

    assert ready("talents")["items"]


def test_others_there_are_not():
    with pytest.raises(KeyError):
        ready("../talents")
