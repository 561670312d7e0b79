"""The vectors on the server; test_vectors_in_browser.py runs the same files in a browser."""

from dataclasses import asdict

import pytest

from needs.surveys import engine
from tests.surveys.vectors import expression_form, form_cases, load, mistakes_in, results

EXPRESSIONS = load("expressions")
FORMS = form_cases()


@pytest.fixture(scope="module")
def computed() -> dict[str, object]:
    compiled = engine.compile(expression_form(EXPRESSIONS))
    checked = engine.check(compiled, EXPRESSIONS["answers"], engine.Context(**EXPRESSIONS["context"]))
    assert checked.mistakes == ()
    return checked.answers


@pytest.mark.parametrize("number", range(len(EXPRESSIONS["cases"])))
def test_an_expression_gives_what_the_specification_says(computed, number):
    case = EXPRESSIONS["cases"][number]
    assert "|".join(results(computed, f"case_{number}")) == case["text"], case["expression"]


@pytest.mark.parametrize(("about", "document", "case"), FORMS, ids=[form[0][:60] for form in FORMS])
def test_a_form_cleans_and_judges_its_answers(about, document, case):
    context = engine.Context(**load("forms")["context"])
    checked = engine.check(engine.compile(document), case["answers"], context)
    assert checked.answers == case["cleaned"]
    assert list(checked.answers) == list(case["cleaned"])
    assert mistakes_in([asdict(one) for one in checked.mistakes], case["mistakes"]) == case["mistakes"]
    if "facts" in case:
        assert [checked.facts.age_band, checked.facts.sex, checked.facts.occupation] == case["facts"]


@pytest.mark.parametrize(("about", "document", "case"), FORMS, ids=[form[0][:60] for form in FORMS])
def test_cleaned_answers_stay_as_they_are(about, document, case):
    """What a device cleaned and sent is not changed again by the server."""
    compiled, context = engine.compile(document), engine.Context(**load("forms")["context"])
    once = engine.check(compiled, case["answers"], context).answers
    assert engine.check(compiled, once, context).answers == once
