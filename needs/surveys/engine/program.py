"""What is run: the nodes of a questionnaire with their expressions, made from a document or read back from JSON."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from needs.surveys.expressions import Ast, Scope, Value, build

FORMAT = 1
EXPRESSIONS = (
    "relevant",
    "required",
    "constraint",
    "read_only",
    "default",
    "calculation",
    "choice_filter",
    "repeat_count",
)  # fmt: skip
Run = Callable[[Scope], Value]
# A device's answer to these stays: computing them again gives another.
_VOLATILE = {"uuid", "random"}


class Node:
    """A question, group or repeat; `data` is its JSON. `runs` holds the functions of its expressions."""

    __slots__ = (
        "choices",
        "data",
        "id",
        "index",
        "is_volatile",
        "kind",
        "name",
        "parent",
        "repeat",
        "rows",
        "runs",
        "type",
    )

    def __init__(self, data: Mapping[str, Any], lists: Mapping[str, list[dict[str, Any]]]) -> None:
        self.data = data
        self.index: int = data["i"]
        self.kind: str = data["kind"]
        self.id: str = data.get("id", "")
        self.name: str = data["name"]
        self.parent: int = data["parent"]
        self.repeat: int = data["repeat"]
        self.type: str = data.get("type", "")
        self.runs: dict[str, Run] = {name: build(data[name]) for name in EXPRESSIONS if name in data}
        self.is_volatile = _speaks_of(data.get("calculation"), _VOLATILE)
        self.rows: list[dict[str, Any]] = lists.get(data.get("list", ""), [])
        # Where a cascade repeats a name, its first row speaks for it.
        self.choices = {choice["name"]: choice for choice in reversed(self.rows)}

    def run(self, name: str) -> Run | None:
        return self.runs.get(name)


def _speaks_of(ast: Ast | None, functions: set[str]) -> bool:
    if not isinstance(ast, list) or not ast:
        return False
    if ast[0] == "call" and ast[1] in functions:
        return True
    return any(_speaks_of(part, functions) for part in ast)


class Compiled:
    """Immutable; safe to keep and share between threads."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Compiled":
        return cls(data)

    def to_json(self) -> dict[str, Any]:
        return dict(self.data)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(Node(data, self.data["lists"]) for data in self.data["nodes"])

    @cached_property
    def steps(self) -> tuple[Node, ...]:
        """The nodes in the order in which relevance and calculations are settled."""
        return tuple(self.nodes[index] for index in self.data["order"])

    @cached_property
    def questions(self) -> tuple[Node, ...]:
        """In the order of the document, notes left out: those that can have an answer."""
        return tuple(node for node in self.nodes if node.kind == "question" and node.type != "note")

    @cached_property
    def members(self) -> dict[int, dict[str, Node]]:
        """What may stand in the answers of a repeat (-1: of the whole), by stable id."""
        found: dict[int, dict[str, Node]] = {-1: {}}
        for node in self.nodes:
            if node.kind == "repeat":
                found.setdefault(node.index, {})
            if node.kind == "repeat" or (node.kind == "question" and node.type != "note"):
                found.setdefault(node.repeat, {})[node.id] = node
        return found

    @cached_property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes if node.id}

    @cached_property
    def roles(self) -> dict[str, Node]:
        """What tells about the respondent, by its role; inside a repeat nothing does."""
        return {node.data["role"]: node for node in self.questions if node.data.get("role") and node.repeat == -1}

    @cached_property
    def personal(self) -> frozenset[str]:
        """The stable ids whose answers name a person."""
        return frozenset(node.id for node in self.questions if node.data.get("personal"))
