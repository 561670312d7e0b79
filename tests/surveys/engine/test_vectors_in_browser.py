"""The same vectors in a browser: one meaning on the device and on the server."""

import pytest

from needs.surveys import engine
from tests.surveys.vectors import expression_form, form_cases, load, mistakes_in, results

pytestmark = pytest.mark.browser
RUN = """async (forms) => {
  const { open } = await import("/static/js/surveys/engine.js");
  return forms.map(({ compiled, answers, context, messages }) => {
    const run = open(compiled, { answers, context, messages });
    return { answers: run.answers(), mistakes: run.check() };
  });
}"""


def context_of(name):
    context = dict(load(name)["context"])
    return {**context, "deviceId": context.pop("device_id")}


def test_each_expression_gives_the_same(page):
    vectors = load("expressions")
    compiled = engine.compile(expression_form(vectors)).to_json()
    form = {"compiled": compiled, "answers": vectors["answers"], "context": context_of("expressions"), "messages": {}}
    (found,) = page.evaluate(RUN, [form])
    assert found["mistakes"] == []
    got = ["|".join(results(found["answers"], f"case_{number}")) for number in range(len(vectors["cases"]))]
    assert [
        (case["expression"], text) for case, text in zip(vectors["cases"], got, strict=True) if text != case["text"]
    ] == []


def test_each_form_cleans_and_judges_the_same(page):
    forms = form_cases()
    asked = [
        {
            "compiled": engine.compile(document).to_json(),
            # An answer that is no object stands for answers of a former filling; null would begin a new one.
            "answers": [] if case["answers"] is None else case["answers"],
            "context": context_of("forms"),
            "messages": engine.client_messages(),
        }
        for _about, document, case in forms
    ]
    for (about, _document, case), got in zip(forms, page.evaluate(RUN, asked), strict=True):
        assert got["answers"] == case["cleaned"], about
        assert mistakes_in(got["mistakes"], case["mistakes"]) == case["mistakes"], about


def test_both_sides_say_the_same_sentences(page):
    """Word for word, with what is filled in."""
    context = engine.Context(**load("forms")["context"])
    forms = [(engine.compile(document), case["answers"]) for _about, document, case in form_cases()]
    forms = [form for form in forms if form[1] is not None]
    asked = [
        {
            "compiled": compiled.to_json(),
            "answers": answers,
            "context": context_of("forms"),
            "messages": engine.client_messages(),
        }
        for compiled, answers in forms
    ]
    for (compiled, answers), got in zip(forms, page.evaluate(RUN, asked), strict=True):
        said = [mistake.text for mistake in engine.check(compiled, answers, context).mistakes]
        assert [mistake["text"] for mistake in got["mistakes"]] == said
