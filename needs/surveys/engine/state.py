"""The answers as a tree of repeat instances, and how an expression sees them from where it stands."""

from collections.abc import Iterator
from typing import Any

from needs.surveys.engine.program import Compiled, Node
from needs.surveys.engine.reading import Unfit
from needs.surveys.expressions import build, to_text

ROOT = -1


class Instance:
    """The whole response (repeat -1), or one entry of a repeat. Node by node: value, its text, relevance."""

    __slots__ = ("entries", "number", "parent", "relevant", "repeat", "texts", "unfit", "values")

    def __init__(self, repeat: int, parent: "Instance | None", number: int) -> None:
        self.repeat = repeat
        self.parent = parent
        self.number = number  # from 1
        self.values: dict[int, Any] = {}
        self.texts: dict[int, str] = {}
        self.unfit: dict[int, Unfit] = {}
        self.relevant: dict[int, bool] = {}
        self.entries: dict[int, list[Instance]] = {}

    def put(self, node: int, answer: tuple[Any, str] | None) -> None:
        if answer is None:
            self.values.pop(node, None)
            self.texts.pop(node, None)
        else:
            self.values[node], self.texts[node] = answer

    def up_to(self, repeat: int) -> "Instance | None":
        """The instance of `repeat` that this one lies in, or is."""
        instance: Instance | None = self
        while instance is not None and instance.repeat != repeat:
            instance = instance.parent
        return instance

    def resize(self, repeat: int, count: int) -> None:
        entries = self.entries.setdefault(repeat, [])
        del entries[count:]
        while len(entries) < count:
            entries.append(Instance(repeat, self, len(entries) + 1))


class State:
    def __init__(self, compiled: Compiled, context: Any) -> None:
        self.compiled = compiled
        self.nodes = compiled.nodes
        self.context = context
        self.root = Instance(ROOT, None, 1)

    def instances(self, repeat: int, within: Instance | None = None) -> Iterator[Instance]:
        """All entries of a repeat, in order, inside `within` (an instance that encloses it)."""
        within = within or self.root
        if within.repeat == repeat:
            yield within
            return
        enclosing = self.nodes[repeat].repeat
        for outer in self.instances(enclosing, within):
            yield from outer.entries.get(repeat, ())

    def is_relevant(self, node: Node, instance: Instance) -> bool:
        return instance.relevant.get(node.index, True)


class Standing:
    """The scope of an expression: one node in one instance."""

    __slots__ = ("choice", "instance", "node", "state")

    def __init__(self, state: State, node: Node, instance: Instance, choice: dict[str, Any] | None = None) -> None:
        self.state = state
        self.node = node
        self.instance = instance
        self.choice = choice

    @property
    def today(self) -> str:
        return str(self.state.context.today)

    @property
    def now(self) -> str:
        return str(self.state.context.now)

    @property
    def language(self) -> str:
        return str(self.state.context.language)

    def nodes(self, node: int) -> list[str]:
        target = self.state.nodes[node]
        if target.repeat == ROOT and target.kind == "question":
            return [self.state.root.texts.get(node, "")]
        if target.kind == "question":
            return self._answers(target)
        if target.kind == "repeat":
            return [
                ""
                for outer in self._instances(target.repeat)
                if self.state.is_relevant(target, outer)
                for _entry in outer.entries.get(node, ())
            ]
        return [""]

    def _answers(self, target: Node) -> list[str]:
        """One's own instance's answer, "" without one; of many instances those where the question is relevant."""
        instances = self._instances(target.repeat)
        if len(instances) == 1 and instances[0] is self.instance.up_to(target.repeat):
            return [instances[0].texts.get(target.index, "")]
        relevant = [instance for instance in instances if self.state.is_relevant(target, instance)]
        return [instance.texts.get(target.index, "") for instance in relevant]

    def _instances(self, repeat: int) -> list[Instance]:
        """Inside the repeat its own instance; else all that lie in the nearest instance around both."""
        around = repeat
        while (within := self.instance.up_to(around)) is None:
            around = self.state.nodes[around].repeat
        return list(self.state.instances(repeat, within))

    def own(self) -> str:
        return self.instance.texts.get(self.node.index, "")

    def column(self, name: str) -> str | None:
        choice = self.choice or {}
        if name == "name":
            return str(choice.get("name", ""))
        value = (choice.get("filter") or {}).get(name)
        return None if value is None else str(value)

    def position_up(self, levels: int) -> int:
        """The place among its like of what lies `levels` above the node: only a repeat has more than one."""
        index, instance = self.node.index, self.instance
        for _level in range(levels):
            index = self.state.nodes[index].parent if index >= 0 else ROOT
        if index < 0 or self.state.nodes[index].kind != "repeat":
            return 1
        found = instance.up_to(index)
        return found.number if found else 1

    def position_in(self, repeat: int) -> int:
        found = self.instance.up_to(repeat) if self.state.nodes[repeat].kind == "repeat" else None
        return found.number if found else 1

    def indexed(self, node: int, indexes: list[tuple[int, int]]) -> str:
        wanted = dict(indexes)
        target = self.state.nodes[node]
        chain: list[int] = []
        repeat = target.repeat
        while repeat != ROOT:
            chain.insert(0, repeat)
            repeat = self.state.nodes[repeat].repeat
        instance = self.state.root
        for repeat in chain:
            entries = instance.entries.get(repeat, [])
            here = self.instance.up_to(repeat)
            number = wanted.get(repeat, here.number if here else 1)
            if not 1 <= number <= len(entries):
                return ""
            instance = entries[number - 1]
        return instance.texts.get(node, "")

    def choice_label(self, node: int, value: str) -> str:
        choice = self.state.nodes[node].choices.get(value)
        return text_in(choice.get("label") or {}, self.language, self.state.compiled) if choice else ""


def text_in(texts: dict[str, str], language: str, compiled: Compiled) -> str:
    """The text in a language; else in the questionnaire's own, else in any."""
    for wanted in (language, compiled.data.get("default_language", ""), ""):
        if texts.get(wanted):
            return str(texts[wanted])
    return next((str(text) for text in texts.values() if text), "")


def filled_in(parts: list[Any], scope: Standing) -> str:
    """A template's text."""
    return "".join(part if isinstance(part, str) else to_text(build(part)(scope)) for part in parts)
