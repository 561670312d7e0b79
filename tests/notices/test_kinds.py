"""The words of notices: what they may hold, and what the reader sees."""

import pytest
from django.utils import translation

from talentmap.notices import kinds
from talentmap.notices.kinds import Group, NoticeKind


def kind(text, code="test_unsafe", **fields):
    return NoticeKind(code=code, group=Group.CASES, subject="Subject", text=text, **fields)


@pytest.mark.parametrize("word", ["name", "amount", "id_number", "reason", "condition", "phone"])
def test_words_that_could_tell_a_secret_are_refused(word):
    with pytest.raises(ValueError, match=f"would send {word} over open wires"):
        kinds.register(kind(f"Dear %({word})s"))


def test_a_code_is_registered_once():
    kinds.register(kind("first", code="test_twice"))

    with pytest.raises(ValueError, match="registered twice"):
        kinds.register(kind("second", code="test_twice"))


def test_a_missing_word_is_empty_and_no_error():
    assert kind("Number %(number)s!").render_text({}) == "Number !"


def test_words_can_be_looked_up_when_they_are_read():
    titled = kind("%(service)s", words=lambda params: {**params, "service": params["service"].title()})

    assert titled.render_text({"service": "housing"}) == "Housing"


def test_a_kind_of_an_older_release_still_opens():
    with translation.override("en"):
        assert kinds.get("gone_for_long").render_subject({"number": "1"}) == "Notice"


def test_every_registered_kind_renders_in_both_languages():
    for registered in kinds.registered():
        params = dict.fromkeys(registered.placeholders, "7")
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert registered.render_subject(params)
                assert registered.render_text(params)
