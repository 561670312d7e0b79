"""Translations are compiled without gettext."""

import gettext
import os
from pathlib import Path

import polib

from talentmap.operations.translations import compile_translations


def _catalogue(base: Path) -> Path:
    folder = base / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = polib.POFile()
    source.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "zh_Hans"}
    source.append(polib.POEntry(msgid="Fund", msgctxt="money", msgstr="资金"))
    source.append(polib.POEntry(msgid="Draft", msgstr="未核对", flags=["fuzzy"]))
    source.save(str(folder / "django.po"))
    return folder


def test_a_catalogue_is_compiled_without_its_fuzzy_entries(tmp_path: Path) -> None:
    folder = _catalogue(tmp_path)

    assert compile_translations(tmp_path) == [folder / "django.mo"]

    with (folder / "django.mo").open("rb") as compiled:
        messages = gettext.GNUTranslations(compiled)
    assert messages.pgettext("money", "Fund") == "资金"
    assert messages.gettext("Draft") == "Draft"


def test_only_what_changed_is_compiled_again(tmp_path: Path) -> None:
    folder = _catalogue(tmp_path)
    compile_translations(tmp_path)
    assert compile_translations(tmp_path) == []

    later = (folder / "django.mo").stat().st_mtime + 10
    os.utime(folder / "django.po", (later, later))

    assert compile_translations(tmp_path) == [folder / "django.mo"]
