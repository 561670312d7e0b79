import pytest

from tests.surveys.xlsform.books import places, survey

LISTS = {"choices": [["list_name", "name", "label"], ["yes_no", "yes", "是"], ["yes_no", "no", "否"]]}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("text", "text"),
        ("String", "text"),
        ("int", "integer"),
        ("add integer prompt", "integer"),
        ("decimal", "decimal"),
        ("date", "date"),
        ("time", "time"),
        ("datetime", "dateTime"),
        ("dateTime", "dateTime"),
        ("range", "range"),
        ("note", "note"),
        ("acknowledge", "acknowledge"),
        ("trigger", "acknowledge"),
        ("gps", "geopoint"),
        ("photo", "image"),
        ("file", "file"),
        ("barcode", "barcode"),
        ("hidden", "hidden"),
        ("start", "start"),
        ("end", "end"),
        ("today", "today"),
        ("deviceid", "deviceid"),
        ("imei", "deviceid"),
        ("uri:deviceid", "deviceid"),
        ("username", "username"),
    ],
)
def test_types_are_known_under_their_old_names(written, kind):
    found = survey(["type", "name", "label"], [written, "a", "A"])

    assert found.mistakes == ()
    assert found.document["items"][0]["type"] == kind


@pytest.mark.parametrize(
    ("written", "kind", "or_other"),
    [
        ("select_one yes_no", "select_one", False),
        ("select one yes_no", "select_one", False),
        ("select one from yes_no", "select_one", False),
        ("Select_One yes_no", "select_one", False),
        ("select1 yes_no", "select_one", False),
        ("add select one prompt using yes_no", "select_one", False),
        ("select_one yes_no or_other", "select_one", True),
        ("select one from yes_no or specify other", "select_one", True),
        ("select all that apply from yes_no or specify other", "select_multiple", True),
        ("select_multiple  yes_no", "select_multiple", False),
        ("select all that apply yes_no", "select_multiple", False),
        ("rank yes_no", "rank", False),
    ],
)
def test_selects_name_their_list(written, kind, or_other):
    found = survey(["type", "name", "label"], [written, "a", "A"], **LISTS)

    assert found.mistakes == ()
    item = found.document["items"][0]
    assert (item["type"], item["list"], item.get("or_other", False)) == (kind, "yes_no", or_other)


@pytest.mark.parametrize(
    "written",
    [
        "geotrace",
        "geoshape",
        "osm buildings",
        "audit",
        "background-audio",
        "start-geopoint",
        "xml-external",
        "csv-external",
        "percentage",
        "select_one_from_file villages.csv",
        "select multiple from file villages.csv",
        "select_one_external villages",
        "select_one ${member}",
        "cascading_select villages",
        "begin loop over yes_no",
        "begin_loop over yes_no",
    ],
)
def test_what_is_not_supported_is_refused_with_a_reason(written):
    found = survey(["type", "name", "label"], ["text", "b", "B"], [written, "a", "A"]).mistakes

    assert ("survey", "A3", "type_not_supported") in places(found)


def test_a_loop_and_its_end_are_one_mistake():
    rows = [["type", "name", "label"], ["begin loop over yes_no"], ["text", "a", "A"], ["end loop"]]

    assert places(survey(*rows, **LISTS).mistakes) == [("survey", "A2", "type_not_supported")]


@pytest.mark.parametrize(
    ("written", "near"),
    [("intger", "integer"), ("slect_one yes_no", "select_one"), ("begin grup", "begin group"), ("xyz", "")],
)
def test_an_unknown_type_says_what_was_perhaps_meant(written, near):
    found = survey(["type", "name", "label"], ["text", "b", "B"], [written, "a", "A"]).mistakes

    assert places(found)[0][:2] == ("survey", "A3")
    assert near in found[0].message_en


def test_audio_and_video_are_files_of_their_kind():
    found = survey(["type", "name", "label"], ["audio", "a", "A"], ["video", "b", "B"])

    assert [(item["type"], item["parameters"]) for item in found.document["items"]] == [
        ("file", {"accept": "audio/*"}),
        ("file", {"accept": "video/*"}),
    ]
    assert [each.code for each in found.warnings if each.sheet == "survey"] == ["file_question", "file_question"]


def test_what_only_a_phone_knows_is_an_empty_hidden_question():
    found = survey(["type", "name", "label"], ["text", "b", "B"], ["phonenumber", "a", None])

    assert found.mistakes == ()
    assert found.document["items"][1] | {"id": "a"} == {
        "kind": "question",
        "id": "a",
        "type": "hidden",
        "name": "a",
        "extra": {"type": "phonenumber"},
    }
    assert ("survey", "A3", "metadata_unknown") in places(found.warnings)


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("range", "start=0 end=30 step=5", {"start": "0", "end": "30", "step": "5"}),
        ("range", "start = 1; end = 5", {"start": "1", "end": "5"}),
        ("range", "start=0.5,end=2,step=0.5", {"start": "0.5", "end": "2", "step": "0.5"}),
        ("text", "rows=4", {"rows": "4"}),
        ("image", "max-pixels=1024", {"max-pixels": "1024"}),
    ],
)
def test_parameters(kind, written, read):
    found = survey(["type", "name", "label", "parameters"], [kind, "a", "A", written])

    assert found.mistakes == ()
    assert found.document["items"][0]["parameters"] == read


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("range", "start=a", "parameter_number"),
        ("range", "start=1 end=1", "range_empty"),
        ("range", "step=0", "range_empty"),
        ("range", "from 0 to 5", "parameter_unreadable"),
        ("select_one yes_no", "randomize=true", "parameter_not_supported"),
        ("text", "start=1", "parameter_not_supported"),
    ],
)
def test_parameters_that_do_not_fit(kind, written, code):
    found = survey(["type", "name", "label", "parameters"], [kind, "a", "A", written], **LISTS).mistakes

    assert places(found) == [("survey", "D2", code)]
