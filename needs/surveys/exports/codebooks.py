"""The questionnaire itself: every version as XLSForm, and a codebook of what stands behind the columns."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from needs.surveys.exports.columns import Layout, Question, Table
from needs.surveys.exports.spss import choice_numbers
from needs.surveys.exports.writers import zipped
from needs.surveys.questionnaires.models import Version
from needs.surveys.xlsform import write
from talentmap.ui.downloads import xlsx_bytes


def write_codebook(folder: Path, name: str, versions: Sequence[Version], layout: Layout, language: str) -> Path:
    """A zip of the workbooks."""
    paths = [_saved(folder / f"{name}-v{each.number}.xlsx", write(each.document)) for each in versions]
    rows = list(codebook_rows(layout, language))
    paths.append(_saved(folder / f"{name}-{_('codebook')}.xlsx", xlsx_bytes(_header(), rows, sheet=_("Codebook"))))
    return zipped(folder / f"{name}.zip", paths)


def _saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _header() -> list[str]:
    return [
        _("Column"), _("Question type"), pgettext("questionnaire", "Question"), _("Group"), _("Repeat"),
        _("Names a person"), pgettext("answer", "Value"), _("Number in SPSS"), _("Label"),
    ]  # fmt: skip


def codebook_rows(layout: Layout, language: str) -> Iterator[list[Any]]:
    """A row a question, and one more for each of its choices."""
    for table in layout:
        for question in table.questions:
            yield from _rows(table, question, layout, language)


def _rows(table: Table, question: Question, layout: Layout, language: str) -> Iterator[list[Any]]:
    said = layout.said(question.label, language, question.id)
    groups = " / ".join(layout.said(texts, language, "") for texts in question.groups)
    repeat = layout.said(table.label, language, table.code) if table.path else ""
    yield [question.code, question.type, said, groups, repeat, _("yes") if question.personal else "", "", "", ""]
    numbers = choice_numbers(list(question.choices))
    for name, texts in question.choices.items():
        yield [question.code, "", "", "", "", "", name, numbers[name], layout.said(texts, language, name)]
