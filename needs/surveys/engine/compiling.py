"""A document → what is run, or everything that is wrong with it at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from needs.surveys.engine.graph import circles, settled_order
from needs.surveys.engine.kinds import OTHER, ROLES, TYPES, WITH_CHOICES
from needs.surveys.engine.mistakes import DocumentMistake
from needs.surveys.engine.program import EXPRESSIONS, FORMAT, Compiled
from needs.surveys.engine.shape import shape_mistakes
from needs.surveys.expressions import Ast, ExpressionError, parse, template

TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
COPIED = ("id", "type", "list", "parameters", "media", "role", "personal")
YES, NO = frozenset({"yes", "true", "true()", "1"}), frozenset({"no", "false", "false()", "0", ""})
SWITCHES = ("required", "read_only")
OTHER_CHOICE = {"中": "其他", "": "Other"}
OTHER_QUESTION = {"中": "请说明“其他”", "": "Specify other."}


class CompileError(ValueError):
    def __init__(self, mistakes: list[DocumentMistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


def compile(document: Mapping[str, Any]) -> Compiled:
    """Raises CompileError with every mistake of the document."""
    builder = _compiled(document)
    if builder.mistakes:
        raise CompileError(builder.mistakes)
    return Compiled(builder.result())


def problems(document: Any) -> list[DocumentMistake]:
    """What keeps a document from being run, whatever JSON it is; empty when nothing does."""
    return _compiled(document).mistakes


def _compiled(document: Any) -> "_Builder":
    wrong = list(shape_mistakes(document))
    if wrong:
        builder = _Builder({"items": []})
        builder.mistakes = wrong
        return builder
    builder = _Builder(document)
    builder.build()
    return builder


@dataclass
class _Builder:
    document: Mapping[str, Any]
    mistakes: list[DocumentMistake] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    items: list[tuple[Mapping[str, Any], tuple[int, ...]]] = field(default_factory=list)
    names: dict[str, list[int]] = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    instance_name: Ast | None = None

    def build(self) -> None:
        self.lists = {name: list(choices) for name, choices in (self.document.get("choices") or {}).items()}
        self.walk(self.document.get("items") or [], -1, -1, ())
        self.check_ids()
        for node, (item, path) in zip(self.nodes, self.items, strict=True):
            self.expressions(node, item, path)
            self.templates(node, item, path)
        self.settings()
        self.order = settled_order(self.nodes)
        for circle in circles(self.nodes):
            item, path = self.items[circle[0]]
            names = " → ".join(f"${{{self.nodes[index]['name']}}}" for index in [*circle, circle[0]])
            prop = "calculation" if item.get("calculation") else "relevant"
            self.wrong(
                "circular", path, prop, _("The calculation goes round in a circle: %(names)s.") % {"names": names}
            )

    def wrong(self, code: str, path: tuple[int, ...], prop: str, message: Any, position: int = 0) -> None:
        name = self.names_at.get(path, "")
        self.mistakes.append(DocumentMistake(code, path, name, prop, message, position))

    @property
    def names_at(self) -> dict[tuple[int, ...], str]:
        return {path: str(item.get("name", "")) for item, path in self.items}

    def walk(self, items: list[Any], parent: int, repeat: int, path: tuple[int, ...]) -> list[int]:
        """Add the items as nodes, each question with `or_other` followed by the one that asks what else."""
        seen: dict[str, int] = {}
        indexes = []
        for place, item in enumerate(items):
            here = (*path, place)
            index = self.add(item, parent, repeat, here)
            indexes.append(index)
            if item["name"].lower() in seen:
                message = _("“%(name)s” stands twice in the same group.") % {"name": item["name"]}
                self.wrong("duplicate_name", here, "name", message)
            seen[item["name"].lower()] = index
            if item["kind"] != "question":
                inside = index if item["kind"] == "repeat" else repeat
                self.nodes[index]["children"] = self.walk(item.get("items") or [], index, inside, here)
            elif item.get("or_other"):
                indexes.append(self.add(_other_question(item), parent, repeat, here))
        return indexes

    def add(self, item: Mapping[str, Any], parent: int, repeat: int, path: tuple[int, ...]) -> int:
        index = len(self.nodes)
        node: dict[str, Any] = {
            "i": index,
            "kind": item["kind"],
            "name": item["name"],
            "parent": parent,
            "repeat": repeat,
        }
        node |= {key: item[key] for key in COPIED if item.get(key)}
        if item["kind"] != "group":
            node.setdefault("id", item["name"])
        node |= {key: item[key] for key in TEXTS if item.get(key)}
        if item.get("appearance"):
            node["appearance"] = str(item["appearance"]).split()
        self.nodes.append(node)
        self.items.append((item, path))
        self.names.setdefault(item["name"], []).append(index)
        if item["kind"] == "question":
            self.question(node, item, path)
        return index

    def question(self, node: dict[str, Any], item: Mapping[str, Any], path: tuple[int, ...]) -> None:
        if item["type"] not in TYPES:
            self.wrong(
                "unknown_type", path, "type", _("The type “%(type)s” is not supported.") % {"type": item["type"]}
            )
        if item.get("role") and item["role"] not in ROLES:
            self.wrong("unknown_role", path, "role", _("The role “%(role)s” is not known.") % {"role": item["role"]})
        if item["type"] not in WITH_CHOICES:
            node.pop("list", None)
        elif not self.lists.get(item.get("list", "")):
            message = _("There is no choice list “%(list)s”, or it is empty.") % {"list": item.get("list", "")}
            self.wrong("missing_list", path, "list", message)
        elif item.get("or_other"):
            node["list"] = self.list_with_other(item["list"])

    def list_with_other(self, name: str) -> str:
        if any(choice["name"] == OTHER for choice in self.lists[name]):
            return name
        longer = f"{name}+{OTHER}"
        languages = self.document.get("languages") or [""]
        other = {"name": OTHER, "label": {language: _own_word(OTHER_CHOICE, language) for language in languages}}
        self.lists[longer] = [*self.lists[name], other]
        return longer

    def check_ids(self) -> None:
        """An id that two bring is a mistake. Who brings none has the one that `assign_ids` would give."""
        seen: set[str] = set()
        without: list[dict[str, Any]] = []
        for node, (item, path) in zip(self.nodes, self.items, strict=True):
            if node["kind"] == "group":
                continue
            if not item.get("id"):
                without.append(node)
            elif node["id"] in seen:
                self.wrong("duplicate_id", path, "id", _("Two questions have the id “%(id)s”.") % {"id": node["id"]})
            else:
                seen.add(node["id"])
        for node in without:
            node["id"] = fresh_id(node["name"], seen)
            seen.add(node["id"])

    def resolve(self, name: str) -> int | None:
        found = self.names.get(name, [])
        return found[0] if len(found) == 1 else None

    def expressions(self, node: dict[str, Any], item: Mapping[str, Any], path: tuple[int, ...]) -> None:
        for prop in EXPRESSIONS:
            text = str(item.get(prop) or "").strip()
            if not text:
                continue
            try:
                tree = self.tree(prop, text)
            except ExpressionError as error:
                self.wrong(error.code, path, prop, error.message, error.position)
                continue
            if tree is not None:
                node[prop] = tree

    def tree(self, prop: str, text: str) -> Ast | None:
        if prop in SWITCHES and text.lower() in YES | NO:
            return ["call", "true"] if text.lower() in YES else None
        if prop == "default":
            return self.default(text)
        return parse(text, self.resolve, columns=prop == "choice_filter")

    def default(self, text: str) -> Ast:
        """As XLSForm has it: an expression when it speaks of a question or calls a function, else the text itself."""
        if "${" not in text and "(" not in text:
            return ["s", text]
        try:
            return parse(text, self.resolve)
        except ExpressionError as error:
            if "${" in text or error.code in ("unknown_function", "wrong_argument_count", "wrong_argument"):
                raise
            return ["s", text]

    def templates(self, node: dict[str, Any], item: Mapping[str, Any], path: tuple[int, ...]) -> None:
        for prop in TEXTS:
            for language, text in (item.get(prop) or {}).items():
                try:
                    parts = template(text, self.resolve)
                except ExpressionError as error:
                    self.wrong(
                        error.code, path, f"{prop}::{language}" if language else prop, error.message, error.position
                    )
                    continue
                if parts is not None:
                    node.setdefault("texts", {}).setdefault(prop, {})[language] = parts

    def settings(self) -> None:
        text = str((self.document.get("settings") or {}).get("instance_name") or "")
        if text:
            try:
                self.instance_name = parse(text, self.resolve)
            except ExpressionError as error:
                self.wrong(error.code, (), "instance_name", error.message, error.position)

    def result(self) -> dict[str, Any]:
        settings = self.document.get("settings") or {}
        languages = list(self.document.get("languages") or [""])
        title = settings.get("title") or ""
        used = {node["list"] for node in self.nodes if "list" in node}
        return {
            "format": FORMAT,
            "title": title if isinstance(title, dict) else dict.fromkeys(languages, title),
            "languages": languages,
            "default_language": settings.get("default_language") or languages[0],
            "style": settings.get("style") or "",
            "nodes": self.nodes,
            "order": self.order,
            "lists": {name: choices for name, choices in self.lists.items() if name in used},
            **({"instance_name": self.instance_name} if self.instance_name else {}),
        }


def _own_word(words: Mapping[str, str], language: str) -> str:
    chinese = not language or "中" in language or "zh" in language.lower()
    return words["中"] if chinese else words[""]


def _other_question(item: Mapping[str, Any]) -> dict[str, Any]:
    """The text that `or_other` asks for: the product's own question, so it is in no document."""
    name = item["name"]
    return {
        "kind": "question",
        "type": "text",
        "name": f"{name}_{OTHER}",
        "id": f"{item.get('id') or name}_{OTHER}",
        "label": {language: _own_word(OTHER_QUESTION, language) for language in (item.get("label") or {"": ""})},
        "relevant": f"selected(${{{name}}}, '{OTHER}')",
        "personal": bool(item.get("personal")),
    }


def fresh_id(name: str, taken: Collection[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def all_items(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], tuple[int, ...]]]:
    """Every item with its place: (0, 2) is the third item of the first."""
    stack: list[tuple[tuple[int, ...], Any]]
    stack = [((place,), item) for place, item in enumerate(document.get("items") or [])]
    while stack:
        path, item = stack.pop(0)
        yield item, path
        stack[:0] = [((*path, place), inner) for place, inner in enumerate(item.get("items") or [])]
