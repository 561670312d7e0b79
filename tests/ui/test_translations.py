"""The Chinese catalogue says everything that the source says, and with the same placeholders."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from talentmap.ui.messages import CATALOGUE, extracted, missing

BASE = Path(settings.BASE_DIR)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(BASE / CATALOGUE))


def test_every_string_is_translated():
    untranslated = missing(extracted(BASE), BASE / CATALOGUE)
    assert not untranslated, f"{len(untranslated)} strings; run `manage.py update_messages --missing missing.po`"


def test_nothing_is_a_guess_or_left_over(catalogue):
    keys = {message.key for message in extracted(BASE)}
    assert not [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete]
    assert not [entry.msgid for entry in catalogue if (entry.msgid, entry.msgctxt) not in keys]


def test_translations_have_the_placeholders_of_their_source(catalogue):
    wrong = [
        entry.msgid
        for entry in catalogue
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if text and set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    ]
    assert not wrong


def test_a_translation_that_drops_a_placeholder_is_a_mistake(catalogue):
    dropped = [
        entry.msgid
        for entry in catalogue
        if entry.msgstr and set(PLACEHOLDER.findall(entry.msgid)) - set(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert not dropped
