from pathlib import Path

import pytest
from pyxform.xls2xform import convert

from needs.surveys.xlsform import write
from tests.surveys.xlsform.books import imported, places
from tests.surveys.xlsform.samples import ACCEPTED, REFUSED, sample

# Forms that circulate, where somebody has put them beside the checkout, are tried with our own.
ROOT = Path(__file__).resolve().parents[3]
FOUND = {path.name: path for path in sorted((ROOT.parent / "shared" / "data" / "xlsforms").glob("*.xls*"))}
GOOD = [*ACCEPTED, *(name for name in FOUND if not name.startswith("reject_"))]
WHY = {
    "coverage.xlsx": {
        ("settings", "C2", "unknown_default_language"),
        ("survey", "D2", "appearance_not_supported"),
        ("choices", "B4", "duplicate_choice"),
    },
    "transport.xls": {("survey", "A5", "type_not_supported")},
    "reject_liberiaCoverage_round1.xlsx": {
        ("survey", "F14", "appearance_not_supported"),
        ("survey", "F22", "appearance_not_supported"),
        ("choices", "B155", "duplicate_choice"),
    },
    "reject_transportation.bad_id.xls": {("survey", "A5", "type_not_supported")},
}
BAD = [*REFUSED, *(name for name in FOUND if name.startswith("reject_"))]


def data(name: str) -> bytes:
    return FOUND[name].read_bytes() if name in FOUND else sample(name)


def items(document, name):
    def walk(found):
        for item in found:
            yield item
            yield from walk(item.get("items", []))

    return [item for item in walk(document["items"]) if item["name"] == name]


@pytest.mark.parametrize("name", GOOD)
def test_good_forms_import_without_a_mistake_and_round_trip(name):
    found = imported(data(name), name)

    assert found.mistakes == ()
    again = imported(write(found.document))
    assert again.mistakes == ()
    assert again.document == found.document
    assert convert(write(found.document), validate=False).xform


def test_old_words():
    document = imported(sample("market_day.xls"), "market_day.xls").document

    assert document["languages"] == ["中文", "English"]
    assert document["settings"]["form_id"] == "market_day"
    assert [item["type"] for item in document["items"]] == [
        "today",
        "select_one",
        "decimal",
        "image",
        "geopoint",
        "deviceid",
        "today",
    ]
    assert document["items"][1]["or_other"] is True
    assert document["items"][2]["hint"] == {"": "元/斤"}


def test_one_name_in_three_repeats_has_three_ids():
    document = imported(sample("household.xls")).document

    assert [item["id"] for item in items(document, "name")] == ["name", "name_2", "name_3"]


def test_cascades_keep_their_columns():
    document = imported(sample("cascade.xls")).document

    assert [choice["filter"] for choice in document["choices"]["towns"]] == [{"county": "gao"}, {"county": "junlian"}]


def test_everything_at_once():
    found = imported(sample("everything.xlsx"))
    document = found.document

    assert document["languages"] == ["english", "chinese"]
    assert items(document, "my_name")[0]["parameters"] == {"rows": "12"}
    assert items(document, "again")[0]["repeat_count"] == "2"
    assert items(document, "list-nolabel")[0]["required"] == "yes"
    assert items(document, "FALSE")
    assert items(document, "both")[0]["constraint_message"] == {
        "chinese": "對不起 ${my_name}，你可以不選擇“是”和“否”。"
    }
    assert items(document, "launch")[0]["extra"] == {"buttonText": "Go", "noAppErrorString": "No such app."}
    assert {"setting_replaced", "app_by_hand", "metadata_unknown", "file_question", "end_name", "sheet_ignored"} <= {
        each.code for each in found.warnings
    }


@pytest.mark.parametrize("name", BAD)
def test_bad_forms_are_refused_where_they_are_wrong(name):
    found = imported(data(name), name).mistakes

    assert found and WHY.get(name, set()) <= set(places(found))


def test_the_loop_is_refused_with_its_row():
    found = imported(sample("transport.xls")).mistakes

    assert ("survey", "A5", "type_not_supported") in places(found)
    assert {each.row for each in found} <= {5, 6}
