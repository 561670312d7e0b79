"""What changes from one document to another, in words: what it means for the answers first, then the rest."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from needs.surveys import engine
from needs.surveys.questionnaires.documents import Document, Item, label_of, walk
from needs.surveys.questionnaires.words import TYPE_WORDS, key_word


@dataclass(frozen=True)
class Line:
    """`what` names the question, `before` and `after` are what it was and is where that can be shown."""

    what: str
    detail: str = ""
    before: str = ""
    after: str = ""


@dataclass
class Group:
    code: str
    title: Any
    icon: str
    meaning: Any = ""
    lines: list[Line] = field(default_factory=list)


# In the order of the page: code, title, icon, what it means.
GROUPS: tuple[tuple[str, Any, str, Any], ...] = (
    ("added", gettext_lazy("New questions"), "plus-circle",
     gettext_lazy("Older answers leave them empty.")),
    ("removed", gettext_lazy("No longer asked"), "dash-circle",
     gettext_lazy("Answers given so far stay and are still shown in results.")),
    ("apart", gettext_lazy("Another kind of answer"), "signpost-split",
     gettext_lazy("Old and new answers cannot be compared: they are counted as two questions.")),
    ("renamed", gettext_lazy("Renamed"), "input-cursor-text",
     gettext_lazy("Answers stay together under the same stable id.")),
    ("retyped", gettext_lazy("Another type, the same kind of answer"), "arrow-repeat",
     gettext_lazy("Answers stay together.")),
    ("words", gettext_lazy("Worded anew"), "fonts", gettext_lazy("Answers stay together.")),
    ("choices", pgettext_lazy("difference", "Choices"), "ui-radios",
     gettext_lazy("Answers go by the stored name of a choice; those of a deleted choice stay.")),
    ("logic", gettext_lazy("Conditions, checks and calculations"), "diagram-3", ""),
    ("moved", gettext_lazy("Moved"), "arrows-move", ""),
    ("other", gettext_lazy("Appearance, roles and settings"), "sliders", ""),
)  # fmt: skip
_OF_KIND = {
    "added": "added", "removed": "removed", "renamed": "renamed", "retyped": "retyped", "moved": "moved",
    "words": "words", "logic": "logic", "appearance": "other", "role": "other", "choice_added": "choices",
    "choice_removed": "choices", "choice_words": "choices",
}  # fmt: skip


def between(old: Document, new: Document) -> list[Group]:
    """The groups that have something to say; empty when the two say the same."""
    reader = _Reader(old, new)
    lines: dict[str, list[Line]] = defaultdict(list)
    for change in reader.changes:
        group = "apart" if reader.is_apart(change) else _OF_KIND[change.kind]
        if not (group == "apart" and change.kind == "removed"):
            lines[group] += reader.lines(change)
    lines["other"] += reader.settings()
    groups = (Group(code, title, icon, meaning, lines[code]) for code, title, icon, meaning in GROUPS)
    return [group for group in groups if group.lines]


class _Reader:
    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.changes = engine.difference(old, new)
        self.language = new.get("settings", {}).get("default_language", "")
        self.items = {**_by_name(old), **_by_name(new)}
        self.gone = {change.name: change for change in self.changes if change.kind == "removed"}
        self.come = {change.name: change for change in self.changes if change.kind == "added"}

    def is_apart(self, change: engine.Change) -> bool:
        """A question that goes and one that comes under the same name: a new id, because the answers differ in kind."""
        both = change.name in self.gone and change.name in self.come
        return both and change.kind in ("added", "removed")

    def lines(self, change: engine.Change) -> Iterator[Line]:
        what = self.what(change)
        if change.kind in ("added", "removed"):
            gone = self.gone.get(change.name)
            if self.is_apart(change) and gone:
                yield Line(what, before=_type(gone.old), after=_type(change.new))
            else:
                yield Line(what, detail=_type(change.new or change.old))
        elif change.kind == "words":
            yield from self.texts(what, key_word(change.prop), change.old, change.new)
        elif change.kind.startswith("choice_"):
            yield self.choice(what, change)
        elif change.kind == "moved":
            yield Line(what)
        else:
            detail = "" if change.kind in ("renamed", "retyped") else str(key_word(change.prop))
            yield Line(what, detail, _shown(change.kind, change.old), _shown(change.kind, change.new))

    def what(self, change: engine.Change) -> str:
        label = label_of(self.items.get(change.name, {}), self.language)
        return f"{label} ({change.name})" if label and label != change.name else change.name

    def texts(self, what: str, word: Any, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Line]:
        """One line for each language whose text differs."""
        for language in dict.fromkeys([*old, *new]):
            before, after = old.get(language, ""), new.get(language, "")
            if before != after:
                detail = f"{word} · {language}" if language else str(word)
                yield Line(what, detail, _shown("words", before), _shown("words", after))

    def choice(self, what: str, change: engine.Change) -> Line:
        details = {"choice_added": _("new"), "choice_removed": _("deleted"), "choice_words": _("worded anew")}
        return Line(what, f"{details[change.kind]}: {change.prop}", self.text(change.old), self.text(change.new))

    def text(self, texts: Any) -> str:
        return label_of({"label": texts}, self.language) if texts else ""

    def settings(self) -> Iterator[Line]:
        old, new = self.old.get("settings", {}), self.new.get("settings", {})
        for key in ("title", "default_language", "style", "instance_name", "form_id"):
            if old.get(key, "") != new.get(key, ""):
                yield Line(str(key_word(key)), before=old.get(key, ""), after=new.get(key, ""))
        before, after = ("、".join(each.get("languages", [])) for each in (self.old, self.new))
        if before != after:
            yield Line(_("Languages"), before=before, after=after)


def _by_name(document: Document) -> dict[str, Item]:
    return {item["name"]: item for item in walk(document.get("items", []))}


def _type(code: Any) -> str:
    return str(TYPE_WORDS.get(code, code or ""))


def _shown(kind: str, value: Any) -> str:
    if kind == "retyped":
        return _type(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return " ".join(f"{key}={inner}" for key, inner in value.items())
    return str(value or "")
