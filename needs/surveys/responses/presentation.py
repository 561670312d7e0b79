"""One response's answers as a page shows them: in the questionnaire's order, under its words. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Node = Mapping[str, Any]
Answers = Mapping[str, Any]
MASK = "••••••"
FILES = frozenset({"image", "file"})
MOMENTS = frozenset({"dateTime", "start", "end"})
_NAMED = re.compile(r"\$\{([^}]+)\}")
_TAG = re.compile(r"<output[^>]*>|</?[a-z][^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One answer. `path` tells it from all others of the response; `upload` is the id of a file, `file` its record."""

    path: str
    label: str
    text: str
    is_personal: bool = False
    upload: str = ""
    file: Any = None


@dataclass(frozen=True)
class Section:
    """A group, or one entry of a repeat; `level` is how deep it lies."""

    title: str
    level: int
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


class Layout:
    """A questionnaire version as it is run, in the reader's language (`language`: "zh", "en")."""

    def __init__(self, compiled: Mapping[str, Any], language: str) -> None:
        self.nodes: Sequence[Node] = compiled.get("nodes") or ()
        self.lists: Mapping[str, Sequence[Node]] = compiled.get("lists") or {}
        self.languages = _preferred(compiled, language)

    def said(self, texts: Mapping[str, str] | None, otherwise: str = "") -> str:
        found = next((texts[name] for name in self.languages if texts.get(name)), "") if texts else ""
        return found or otherwise

    def children(self, parent: int) -> Iterator[Node]:
        return (node for node in self.nodes if node.get("parent", -1) == parent)

    def choice(self, node: Node, name: Any) -> str:
        found = next((choice for choice in self.lists.get(node.get("list", ""), ()) if choice["name"] == name), None)
        return self.said(found.get("label"), str(name)) if found else str(name)


def _preferred(compiled: Mapping[str, Any], language: str) -> list[str]:
    """The questionnaire's languages, the reader's own first, then the default one."""
    known = list(compiled.get("languages") or ())
    own = [name for name in known if f"({language}" in name]
    return [*own, compiled.get("default_language") or "", "", *known]


def sections(layout: Layout, answers: Answers, personal: Answers, *, shown: bool) -> list[Section]:
    """All that was answered. Answers that name a person are masked unless `shown`."""
    found = [Section("", 0)]
    _walk(layout, -1, answers, personal, _Place("", 0, shown), found)
    return [section for section in found if section.rows]


@dataclass(frozen=True)
class _Place:
    """Where the walk is: the path so far, how deep, and whether personal answers are shown."""

    path: str
    level: int
    shown: bool


def _walk(
    layout: Layout, parent: int, answers: Answers, personal: Answers, place: _Place, found: list[Section]
) -> None:
    apart = False
    for node in layout.children(parent):
        if node["kind"] == "question":
            if apart:  # back from a group: its heading no longer fits
                found.append(Section("", place.level))
                apart = False
            found[-1].rows.extend(_rows(layout, node, answers, personal, place))
        else:
            _below(layout, node, answers, personal, place, found)
            apart = True


def _below(
    layout: Layout, node: Node, answers: Answers, personal: Answers, place: _Place, found: list[Section]
) -> None:
    title = _words(layout, node, answers) or str(node.get("name", ""))
    if node["kind"] == "group":
        found.append(Section(title, place.level + 1))
        _walk(layout, node["i"], answers, personal, _Place(place.path, place.level + 1, place.shown), found)
        return
    key = node["id"]
    public, private = _entries(answers.get(key)), _entries(personal.get(key))
    for index in range(max(len(public), len(private))):
        found.append(Section(f"{title} {index + 1}", place.level + 1))
        inside = _Place(f"{place.path}{key}[{index + 1}]/", place.level + 1, place.shown)
        _walk(layout, node["i"], _at(public, index), _at(private, index), inside, found)


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _at(entries: list[Any], index: int) -> Answers:
    entry = entries[index] if index < len(entries) else {}
    return entry if isinstance(entry, dict) else {}


def _rows(layout: Layout, node: Node, answers: Answers, personal: Answers, place: _Place) -> Iterator[Row]:
    key = node["id"]
    named = key in personal
    answer = personal.get(key) if named else answers.get(key)
    if answer is None or node.get("type") == "note":
        return
    label, path = _words(layout, node, answers) or str(node.get("name", key)), f"{place.path}{key}"
    if named and not place.shown:
        yield Row(path, label, MASK, is_personal=True)
        return
    upload = str(answer.get("file", "")) if node.get("type") in FILES and isinstance(answer, dict) else ""
    yield Row(path, label, display(layout, node, answer), is_personal=named, upload=upload)


def with_files(found: list[Section], files: Mapping[str, Any]) -> list[Section]:
    """The same with the record of each upload beside its answer."""
    return [
        Section(each.title, each.level, [replace(row, file=files.get(row.upload)) for row in each.rows])
        for each in found
    ]


def _words(layout: Layout, node: Node, answers: Answers) -> str:
    """The label with what it repeats of earlier answers filled in, and without marks of layout."""

    def filled(match: re.Match[str]) -> str:
        named = next((each for each in layout.nodes if each.get("name") == match[1].strip()), None)
        answer = answers.get(named["id"]) if named else None
        return "…" if named is None or answer is None else display(layout, named, answer)

    return _TAG.sub("", _NAMED.sub(filled, layout.said(node.get("label"))))


def display(layout: Layout, node: Node, answer: Any) -> str:
    """An answer in words; one of another shape than its type is shown as it is stored."""
    kind = node.get("type", "")
    if isinstance(answer, str):
        return _display_text(layout, node, kind, answer)
    if isinstance(answer, list) and kind in ("select_multiple", "rank"):
        chosen = [layout.choice(node, name) for name in answer]
        return _ranked(chosen) if kind == "rank" else _("; ").join(chosen)
    if isinstance(answer, list) and kind == "geopoint" and len(answer) >= 2:
        return place_words(answer)
    if isinstance(answer, dict) and kind in FILES:
        return str(answer.get("name", ""))
    return json.dumps(answer, ensure_ascii=False)


def _display_text(layout: Layout, node: Node, kind: str, answer: str) -> str:
    if kind == "select_one":
        return layout.choice(node, answer)
    if kind == "acknowledge":
        return _("Confirmed")
    return answer.replace("T", " ")[:16] if kind in MOMENTS else answer


def _ranked(chosen: Sequence[str]) -> str:
    return "\n".join(f"{place}. {name}" for place, name in enumerate(chosen, 1))


def place_words(point: Sequence[Any]) -> str:
    """28.38812, 104.56339 (±5 m)."""
    exact = f"{point[0]:.5f}, {point[1]:.5f}" if all(isinstance(part, int | float) for part in point[:2]) else ""
    accuracy = point[3] if len(point) > 3 else None
    return f"{exact} (±{round(accuracy)} m)" if isinstance(accuracy, int | float) else exact


def duration_words(seconds: float) -> str:
    minutes, rest = divmod(int(abs(seconds)), 60)
    if seconds < 0:
        return _("The clock ran backwards")
    if minutes >= 60:
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    if not minutes:
        return ngettext("%(count)d second", "%(count)d seconds", rest) % {"count": rest}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


def changes(before: list[Section], after: list[Section]) -> list[Change]:
    """What differs between two revisions, in the order of the later one; masked answers are compared by no one."""
    earlier, later = _by_path(before), _by_path(after)
    paths = [*later, *(path for path in earlier if path not in later)]
    return [
        Change(_either(earlier, later, path).label, _text(earlier, path), _text(later, path))
        for path in paths
        if _text(earlier, path) != _text(later, path)
    ]


def _by_path(found: list[Section]) -> dict[str, Row]:
    return {row.path: row for section in found for row in section.rows}


def _either(earlier: dict[str, Row], later: dict[str, Row], path: str) -> Row:
    return later.get(path) or earlier[path]


def _text(rows: dict[str, Row], path: str) -> str:
    return rows[path].text if path in rows else ""
