import polib
import pytest
from django.core.management import call_command

from talentmap.ui.messages import Message, from_python, from_template, merge, missing

PYTHON = """
_("one"); gettext_lazy("two" " halves"); ngettext("%(n)s day", "%(n)s days", n)
pgettext_lazy("money", "Fund"); translation.gettext("by attribute"); _(variable); _(f"x{y}"); other("not")
"""
TEMPLATE = """{% load i18n %}
{% translate "first" %} {% translate 'it''s' context "c" %}
{% blocktranslate with a=b %}Hello {{ a }}{% endblocktranslate %}
{% blocktranslate count n=n trimmed %}
  {{ n }} file
{% plural %}
  {{ n }} files
{% endblocktranslate %}
{% include "x.html" with label=_("inside") %} {{ _("variable") }}
{% comment %}{% translate "not this" %}{% endcomment %}"""


def test_python_is_read_by_its_syntax():
    assert {message for message, _line in from_python(PYTHON)} == {
        Message("one"),
        Message("two halves"),
        Message("%(n)s day", "%(n)s days"),
        Message("Fund", context="money"),
        Message("by attribute"),
    }


def test_templates_are_read_as_django_reads_them():
    found = {message for message, _line in from_template(TEMPLATE)}
    assert {
        Message("first"),
        Message("Hello %(a)s"),
        Message("%(n)s file", "%(n)s files"),
        Message("inside"),
        Message("variable"),
    } <= found
    assert not any("not this" in message.msgid for message in found)


@pytest.fixture
def po(tmp_path):
    def write(name, *entries):
        catalogue = polib.POFile()
        catalogue.extend(entries)
        catalogue.save(str(tmp_path / name))
        return tmp_path / name

    return write


def found(*messages):
    return {message: [("a.py", 1)] for message in messages}


def test_merging_keeps_takes_drops_and_names_what_is_missing(po, tmp_path):
    target = po("target.po", polib.POEntry(msgid="kept", msgstr="留"), polib.POEntry(msgid="gone", msgstr="去"))
    source = po(
        "source.po",
        polib.POEntry(msgid="new", msgctxt="c", msgstr="新"),
        polib.POEntry(msgid="kept", msgstr="别的"),
        polib.POEntry(msgid="guess", msgstr="猜", flags=["fuzzy"]),
        polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s 天"}),
    )
    strings = found(
        Message("kept"),
        Message("new", context="c"),
        Message("guess"),
        Message("%(n)s day", "%(n)s days"),
        Message("%(n)s day"),
    )
    outcome = merge(strings, target, [source])
    merged = {(entry.msgid, entry.msgctxt): entry for entry in polib.pofile(str(target))}
    assert merged["kept", None].msgstr == "留"
    assert merged["new", "c"].msgstr == "新"
    assert merged["%(n)s day", None].msgstr_plural == {0: "%(n)s 天"}
    assert "python-format" in merged["%(n)s day", None].flags
    assert ("gone", None) not in merged
    assert [entry.msgid for entry in outcome.missing] == ["guess"]
    assert (outcome.total, outcome.taken, outcome.dropped) == (4, 2, 1)
    assert outcome.conflicts == [(source, "kept")]
    assert missing(strings, target) == ["guess"]


def test_merging_twice_changes_nothing(po):
    target = po("target.po", polib.POEntry(msgid="one", msgstr="一"))
    merge(found(Message("one"), Message("two")), target)
    first = target.read_bytes()
    merge(found(Message("two"), Message("one")), target)
    assert target.read_bytes() == first


def test_the_command_reports_and_writes_what_is_missing(settings, tmp_path, po, capsys):
    settings.BASE_DIR = tmp_path
    (tmp_path / "talentmap").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "talentmap/a.py").write_text('_("one"); _("two")', encoding="utf-8")
    call_command("update_messages", po("s.po", polib.POEntry(msgid="one", msgstr="一")), missing=tmp_path / "m.po")
    assert "2 strings, 1 taken over, 0 no longer used, 1 without" in capsys.readouterr().out
    assert [entry.msgid for entry in polib.pofile(str(tmp_path / "m.po"))] == ["two"]
