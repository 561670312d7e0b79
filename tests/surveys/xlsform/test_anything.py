"""Whatever stands in the cells, the answer is a report."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from needs.surveys.xlsform import write
from tests.surveys.xlsform.books import csv_file, imported

HEADINGS = [
    *("type", "name", "label", "label::en", "label:en", "hint", "required", "relevant", "constraint", "calculation"),
    *("default", "choice_filter", "repeat_count", "appearance", "parameters", "media::image", "role", "personal"),
    *("question_id", "disabled", "bind::type", "body::", "::", ":", "jr:count", "list_name", "form_id", "image::en::x"),
    *(
        "default_language",
        "allow_choice_duplicates",
        "rows",
        "noAppErrorString",
        "trigger",
        "备注",
        "media",
        "media::x",
    ),
]
CELLS = [
    *("text", "integer", "select_one a", "select_multiple a or_other", "begin group", "end group", "begin repeat"),
    *(
        "end repeat",
        "begin loop over a",
        "end loop",
        "rank",
        "select_one",
        "range",
        "calculate",
        "note",
        "audio",
        "a",
        "b",
    ),
    *(
        "${a}",
        "${",
        "${b} = 'x",
        "yes",
        "no",
        "TRUE",
        "1.0",
        "=1+1",
        "table-list",
        "ex:a(",
        "start=1 end=0",
        "x=",
        "(",
        ")",
    ),
    *("age", "sex", "", " ", "“”", "%(name)s", "%s", "{0}", "\u202e", "🙂", "a" * 300, "en", "\ufeff", "İ", "ß"),
]
cells = st.one_of(st.sampled_from(CELLS), st.text(st.characters(codec="utf-8"), max_size=6))
rows = st.lists(st.lists(cells, max_size=8), max_size=8)


@st.composite
def sheets(draw):
    names = draw(st.lists(st.sampled_from(["survey", "choices", "settings", "entities", "x"]), unique=True, max_size=4))
    heads = {
        "survey": ["type", "name", "label", "relevant", "appearance"],
        "choices": ["list_name", "name", "label"],
        "settings": ["form_id", "default_language"],
    }
    result = {}
    for name in names:
        more = draw(st.lists(st.sampled_from(HEADINGS), max_size=5))
        result[name] = [[*heads.get(name, []), *more], *draw(rows)]
    return result


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets())
@example({"survey": [["type", "name", "label"], ["begin loop over a"], ["end loop"], ["end loop"]]})
@example({"survey": [["type"], ["end group"]]})
def test_any_cells_give_a_report(generated):
    found = imported(csv_file(generated))

    assert found.ok == (not found.mistakes)
    for each in (*found.mistakes, *found.warnings):
        assert each.message_zh and each.message_en and each.row >= 0
    if found.ok:
        again = imported(write(found.document))
        assert again.mistakes == () and again.document == found.document


OPTIONAL = [heading for heading in HEADINGS if heading not in ("type", "name", "label", "trigger", "::", ":", "body::")]


@st.composite
def mostly_good(draw):
    """Questions that are right but for a cell or two, so that many of them import."""
    more = draw(st.lists(st.sampled_from(OPTIONAL), unique=True, max_size=4))
    kinds = st.sampled_from(
        ["text", "integer", "note", "range", "select_one a", "image", "audio", "phonenumber", "imei"]
    )
    bodies = draw(
        st.lists(st.tuples(kinds, st.lists(st.one_of(st.just(""), cells), max_size=4)), min_size=1, max_size=4)
    )
    survey = [[kind, f"q{at}", "L", *body] for at, (kind, body) in enumerate(bodies)]
    if draw(st.booleans()):
        extra = draw(st.lists(st.one_of(st.just(""), cells), max_size=4))
        survey = [["begin group", "g", "G", *extra], *survey, ["end group"]]
    return {
        "survey": [["type", "name", "label", *more], *survey],
        "choices": [["list_name", "name", "label", "x"], ["a", "1", draw(cells), draw(cells)], ["a", "2", "B"]],
        "settings": [["form_id", "version", "style"], ["f", draw(cells), draw(cells)]],
    }


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mostly_good())
def test_what_imports_round_trips(generated):
    found = imported(csv_file(generated))

    if found.ok:
        again = imported(write(found.document))
        assert again.mistakes == () and again.document == found.document
