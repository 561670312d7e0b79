"""Which columns the answers of a questionnaire have, all its versions merged by stable id. Pure.

A question has one column for good, whatever became of its name, label, group or place: a version that lacks it leaves
the cell empty, a version that adds one gets its own column behind its neighbour. So no answer ever stands in another
question's column (kpi#1358, kpi#2089, kpi#4413).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from needs.surveys.xlsform.codebook import text

Document = dict[str, Any]
Texts = dict[str, str]
CHOSEN = frozenset({"select_one", "select_multiple", "rank"})
MANY = frozenset({"select_multiple", "rank"})
NUMBERS = frozenset({"integer", "decimal", "range"})
NO_TEXT = frozenset({"geopoint", "image", "file"})  # their answers are lists and objects
SILENT = frozenset({"note"})


@dataclass
class Question:
    """`code` is the stable id, below a repeat with the repeat's before it: `member/member_name`."""

    id: str
    code: str
    type: str
    label: Texts
    personal: bool
    role: str
    groups: tuple[Texts, ...]
    choices: dict[str, Texts] = field(default_factory=dict)

    @property
    def has_choices(self) -> bool:
        return self.type in CHOSEN


@dataclass
class Table:
    """The responses themselves, or the instances of one repeat: `path` are the repeats' ids, the outermost first."""

    path: tuple[str, ...]
    label: Texts
    questions: list[Question] = field(default_factory=list)

    @property
    def code(self) -> str:
        return "/".join(self.path)

    def find(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)


@dataclass
class Layout:
    tables: dict[tuple[str, ...], Table]
    languages: list[str]
    default_language: str

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())

    @property
    def codes(self) -> list[str]:
        return [question.code for table in self for question in table.questions]

    @property
    def has_personal(self) -> bool:
        return any(question.personal for table in self for question in table.questions)

    def said(self, texts: Texts, language: str, otherwise: str) -> str:
        """The text in the language, in the default one where it says nothing, else `otherwise`."""
        return text(texts, [language, self.default_language, "", *self.languages]) or otherwise

    def with_role(self, role: str) -> Question | None:
        return next((q for table in self for q in table.questions if q.role == role), None)


def layout(documents: Sequence[Document]) -> Layout:
    """Merge the documents of versions, the oldest first: places are the oldest's, words the newest's."""
    merged = Layout({(): Table((), {})}, [], "")
    for document in documents:
        merged.default_language = document.get("settings", {}).get("default_language", "") or merged.default_language
        merged.languages += [name for name in document.get("languages", []) if name not in merged.languages]
        _Merge(merged, document).items(document.get("items", []), merged.tables[()], ())
    return merged


class _Merge:
    def __init__(self, merged: Layout, document: Document) -> None:
        self.merged = merged
        self.lists = document.get("choices", {})
        self.before: dict[tuple[str, ...], str] = {}  # the question that came last in each table

    def items(self, items: list[Document], table: Table, groups: tuple[Texts, ...]) -> None:
        for item in items:
            if item["kind"] == "question":
                self._question(item, table, groups)
            elif item["kind"] == "repeat":
                self.items(item.get("items", []), self._table(item, table), ())
            else:
                self.items(item.get("items", []), table, (*groups, item.get("label", {})))

    def _table(self, item: Document, parent: Table) -> Table:
        path = (*parent.path, item.get("id") or item["name"])
        table = self.merged.tables.setdefault(path, Table(path, {}))
        table.label = item.get("label", {}) or table.label
        return table

    def _question(self, item: Document, table: Table, groups: tuple[Texts, ...]) -> None:
        if item["type"] in SILENT:
            return
        found = self._place(item.get("id") or item["name"], item["type"], table)
        found.type, found.groups, found.role = item["type"], groups, item.get("role", "")
        found.label = item.get("label", {}) or found.label
        # Once personal, always: answers to a version that said so stay guarded when a later one does not.
        found.personal = found.personal or bool(item.get("personal"))
        for choice in self.lists.get(item.get("list", ""), []) if found.has_choices else []:
            found.choices[choice["name"]] = choice.get("label", {}) or found.choices.get(choice["name"], {})
        if item.get("or_other"):
            self._other(found, table)

    def _other(self, question: Question, table: Table) -> None:
        """The choice and the text question that `or_other` adds."""
        question.choices.setdefault("other", {"": "other"})
        added = self._place(f"{question.id}_other", "text", table)
        added.groups, added.personal = question.groups, added.personal or question.personal
        added.label = {language: f"{said} (other)" for language, said in question.label.items()}

    def _place(self, question_id: str, kind: str, table: Table) -> Question:
        """The question's column, made behind the one before it where there is none yet."""
        found = table.find(question_id)
        if found is None:
            code = "/".join((*table.path, question_id))
            found = Question(question_id, code, kind, {}, False, "", ())
            ids = [question.id for question in table.questions]
            before = self.before.get(table.path)
            table.questions.insert(ids.index(before) + 1 if before else 0, found)
        self.before[table.path] = question_id
        return found
