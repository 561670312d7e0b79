"""Extracts what is to be translated, from Python and templates alike, without GNU gettext.

Python is read by its syntax tree; a template is first turned into Python calls by Django's own `templatize`,
so that both give the same strings as `makemessages` would.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
PACKAGES = ("talentmap", "needs", "growth", "support")
# position of context, singular and plural among the call's arguments
_CALLS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
_STRING = r"""(u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*')"""
_TEMPLATE_CALL = re.compile(
    rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?", re.DOTALL
)
_HEADER = {
    "Project-Id-Version": "Talentmap",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class Message(NamedTuple):
    """One string of the source; the context tells apart what English says with the same words."""

    msgid: str
    plural: str = ""
    context: str | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        return self.msgid, self.context


def extracted(base: Path) -> dict[Message, list[tuple[str, int]]]:
    """Every translatable string with the places where it stands."""
    found: dict[Message, list[tuple[str, int]]] = {}
    for path in sorted(_python_files(base)):
        for message, line in from_python(path.read_text(encoding="utf-8")):
            found.setdefault(message, []).append((str(path.relative_to(base)), line))
    for path in sorted((base / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            for message, line in from_template(path.read_text(encoding="utf-8")):
                found.setdefault(message, []).append((str(path.relative_to(base)), line))
    return found


def _python_files(base: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (base / package).rglob("*.py") if "migrations" not in path.parts)


def from_python(source: str) -> Iterator[tuple[Message, int]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or (name := _called(node.func)) not in _CALLS:
            continue
        if message := _message(name, [_literal(argument) for argument in node.args]):
            yield message, node.lineno


def from_template(source: str) -> Iterator[tuple[Message, int]]:
    """`templatize` keeps the line breaks, so a position in its result is one in the template."""
    code = templatize(source)
    for call in _TEMPLATE_CALL.finditer(code):
        arguments = [ast.literal_eval(each) for each in call.groups()[1:] if each]
        if message := _message(call.group(1), arguments):
            yield message, code.count("\n", 0, call.start()) + 1


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _literal(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _message(name: str, arguments: list[str | None]) -> Message | None:
    context, singular, plural = _CALLS[name]

    def at(position: int | None) -> str | None:
        return arguments[position] if position is not None and position < len(arguments) else None

    msgid = at(singular)
    return Message(msgid, at(plural) or "", at(context)) if msgid else None


@dataclass
class Outcome:
    total: int = 0
    taken: int = 0
    dropped: int = 0
    missing: list[polib.POEntry] = field(default_factory=list)
    conflicts: list[tuple[Path, str]] = field(default_factory=list)

    def write_missing(self, path: Path) -> None:
        catalogue = _new_catalogue()
        catalogue.extend(self.missing)
        catalogue.save(str(path))


def merge(found: dict[Message, list[tuple[str, int]]], target: Path, sources: Iterable[Path] = ()) -> Outcome:
    """Write the catalogue of exactly the strings found, keeping translations it has and taking new ones."""
    outcome = Outcome()
    known = _translations(target) if target.exists() else {}
    offered = dict(known)
    for source in sources:
        for key, texts in _translations(source).items():
            if key in offered and offered[key] != texts:
                outcome.conflicts.append((source, key[0]))
            offered.setdefault(key, texts)
    catalogue = _new_catalogue()
    for message, places in _by_key(found).items():
        entry = _entry(message, places, offered.get(message.key))
        catalogue.append(entry)
        outcome.taken += message.key in offered and message.key not in known
        if not entry.translated():
            outcome.missing.append(entry)
    outcome.total = len(catalogue)
    outcome.dropped = len(known.keys() - {message.key for message in found})
    target.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(target))
    return outcome


def _by_key(found: dict[Message, list[tuple[str, int]]]) -> dict[Message, list[tuple[str, int]]]:
    """A string used with and without a plural is one entry, the one with the plural; in alphabetical order."""
    chosen: dict[tuple[str, str | None], Message] = {}
    for message in found:
        known = chosen.get(message.key)
        if known is None or not known.plural:
            chosen[message.key] = message
    ordered = sorted(chosen.values(), key=lambda message: (message.msgid.casefold(), message.context or ""))
    return {
        message: sorted({place for other, places in found.items() if other.key == message.key for place in places})
        for message in ordered
    }


def missing(found: dict[Message, list[tuple[str, int]]], target: Path) -> list[str]:
    """The strings that the catalogue does not translate, or only guesses at."""
    known = _translations(target) if target.exists() else {}
    return sorted({message.msgid for message in found if message.key not in known})


def _translations(path: Path) -> dict[tuple[str, str | None], tuple[str, ...]]:
    return {
        (entry.msgid, entry.msgctxt): _texts(entry)
        for entry in polib.pofile(str(path))
        if entry.translated() and not entry.fuzzy and not entry.obsolete
    }


def _texts(entry: polib.POEntry) -> tuple[str, ...]:
    if entry.msgid_plural:
        return tuple(text for _index, text in sorted(entry.msgstr_plural.items()))[:1]
    return (entry.msgstr,)


def _entry(message: Message, places: list[tuple[str, int]], texts: tuple[str, ...] | None) -> polib.POEntry:
    """Line numbers would make every edit a change of the catalogue: the files are enough to find a string."""
    entry = polib.POEntry(
        msgid=message.msgid, msgctxt=message.context, occurrences=sorted({(path, "") for path, _line in places})
    )
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: texts[0] if texts else ""}
    else:
        entry.msgstr = texts[0] if texts else ""
    if "%(" in message.msgid:
        entry.flags.append("python-format")
    return entry


def _new_catalogue() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = dict(_HEADER)
    return catalogue
