"""Checks a response as a whole: what is irrelevant goes, calculations are done again, and all that is wrong is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from needs.surveys.engine import facts
from needs.surveys.engine.messages import MESSAGES
from needs.surveys.engine.program import Compiled, Node
from needs.surveys.engine.reading import Unfit, names_of, read
from needs.surveys.engine.settling import MOST_ENTRIES, settle
from needs.surveys.engine.state import ROOT, Instance, Standing, State, filled_in, text_in
from needs.surveys.expressions import to_boolean
from needs.surveys.expressions.functions import TooSlow, patience
from needs.surveys.expressions.values import moment_text

MOST_VALUES = 5_000


@dataclass(frozen=True)
class Context:
    """The device at the end of filling: `now` as `2026-11-25T08:30:00.000+08:00`, `today` as `2026-11-25`.

    An aware datetime and a date become these texts, as a device writes them.
    """

    now: str | datetime
    today: str | date
    username: str = ""
    device_id: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.now, datetime):
            object.__setattr__(self, "now", moment_text(self.now))
        if isinstance(self.today, date):
            object.__setattr__(self, "today", self.today.isoformat())


@dataclass(frozen=True)
class Mistake:
    """`path` is stable ids joined by `/`, entries of repeats counted from 1: `member[2]/age`."""

    path: str
    code: str
    text: str


@dataclass(frozen=True)
class Facts:
    """Who answered, in the words that quotas go by; "" for what was not said."""

    age_band: str = ""
    sex: str = ""
    occupation: str = ""


@dataclass(frozen=True)
class Checked:
    answers: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    facts: Facts

    @property
    def is_right(self) -> bool:
        return not self.mistakes


def check(compiled: Compiled, answers: Any, context: Context) -> Checked:
    """Clean `answers` and say what is wrong with them, whatever they are; never raises."""
    try:
        with patience():
            return _checked(compiled, answers, context)
    except TooSlow:
        state = State(compiled, context)
        return Checked({}, (_told(state, None, state.root, "too_slow", {}),), Facts())


def _checked(compiled: Compiled, answers: Any, context: Context) -> Checked:
    state = State(compiled, context)
    faults = list(_fill(state, answers))
    settle(state)
    told = [_told(state, *fault) for fault in faults]
    for node in compiled.questions:
        for instance in state.instances(node.repeat):
            if instance.relevant.get(node.index, True):
                told.extend(_of_question(state, node, instance))
    return Checked(cleaned(state, state.root), tuple(told), Facts(*facts.of(compiled, state.root, str(context.today))))


# A fault of the answers as a whole, or of a repeat: no question is wrong.
Fault = tuple[Node | None, Instance, str, dict[str, Any]]


def _fill(state: State, answers: Any) -> Iterator[Fault]:
    if not isinstance(answers, dict):
        yield None, state.root, "answers_shape", {}
        return
    budget = [MOST_VALUES]
    yield from _fill_instance(state, state.root, answers, budget)
    if budget[0] < 0:
        yield None, state.root, "values_many", {"most": MOST_VALUES}


def _fill_instance(state: State, instance: Instance, answers: dict[str, Any], budget: list[int]) -> Iterator[Fault]:
    members = state.compiled.members[instance.repeat]
    for key, raw in answers.items():
        budget[0] -= 1
        if budget[0] < 0:
            return
        node = members.get(key)
        if node is None:
            yield None, instance, "unknown_question", {"key": str(key)[:80]}
        elif node.kind == "repeat":
            yield from _fill_repeat(state, node, instance, raw, budget)
        else:
            try:
                instance.put(node.index, read(node, raw))
            except Unfit as unfit:
                instance.unfit[node.index] = unfit


def _fill_repeat(state: State, node: Node, instance: Instance, raw: Any, budget: list[int]) -> Iterator[Fault]:
    if raw is None:
        return
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        yield node, instance, "repeat_shape", {}
        return
    if len(raw) > MOST_ENTRIES:
        yield node, instance, "repeat_many", {"most": MOST_ENTRIES}
    instance.resize(node.index, min(len(raw), MOST_ENTRIES))
    for entry, answers in zip(instance.entries[node.index], raw, strict=False):
        yield from _fill_instance(state, entry, answers, budget)


def _of_question(state: State, node: Node, instance: Instance) -> Iterator[Mistake]:
    unfit = instance.unfit.get(node.index)
    if unfit is not None:
        yield _told(state, node, instance, unfit.code, unfit.values)
        return
    text = instance.texts.get(node.index, "")
    if not text:
        required = node.run("required")
        if required and to_boolean(required(Standing(state, node, instance))):
            yield _told(state, node, instance, "required", {})
        return
    if "choice_filter" in node.runs and not set(text.split()) <= set(offered(state, node, instance)):
        yield _told(state, node, instance, "choice_unknown", {})
    elif node.type == "rank" and len(text.split()) != len(offered(state, node, instance)):
        yield _told(state, node, instance, "rank_incomplete", {})
    constraint = node.run("constraint")
    if constraint and not to_boolean(constraint(Standing(state, node, instance))):
        yield _told(state, node, instance, "constraint", {})


def offered(state: State, node: Node, instance: Instance) -> list[str]:
    """The choices that the filter lets through, in order."""
    keep = node.run("choice_filter")
    if keep is None:
        return names_of(node)
    kept = (row["name"] for row in node.rows if to_boolean(keep(Standing(state, node, instance, row))))
    return list(dict.fromkeys(kept))


def _told(state: State, node: Node | None, instance: Instance, code: str, values: dict[str, Any]) -> Mistake:
    if node is None:
        path = path_of(state, instance)
        key = values.get("key", "")
        return Mistake("/".join(part for part in (path, key) if part), code, _sentence(code, values))
    path = "/".join(part for part in (path_of(state, instance), node.id) if part)
    return Mistake(path, code, _own_words(state, node, instance, code) or _sentence(code, values))


def _sentence(code: str, values: dict[str, Any]) -> str:
    return str(MESSAGES[code]) % values if values else str(MESSAGES[code])


def _own_words(state: State, node: Node, instance: Instance, code: str) -> str:
    """What the questionnaire itself says to a required answer that is missing, or a constraint that fails."""
    if code not in ("required", "constraint"):
        return ""
    name, language = f"{code}_message", state.context.language
    template = _template(node, name, language, state)
    if template is not None:
        return filled_in(template, Standing(state, node, instance))
    return text_in(node.data.get(name) or {}, language, state.compiled)


def _template(node: Node, name: str, language: str, state: State) -> list[Any] | None:
    templates = (node.data.get("texts") or {}).get(name) or {}
    texts = node.data.get(name) or {}
    chosen = language if texts.get(language) else state.compiled.data.get("default_language", "")
    return templates.get(chosen)


def path_of(state: State, instance: Instance) -> str:
    if instance.repeat == ROOT or instance.parent is None:
        return ""
    own = f"{state.nodes[instance.repeat].id}[{instance.number}]"
    return "/".join(part for part in (path_of(state, instance.parent), own) if part)


def cleaned(state: State, instance: Instance) -> dict[str, Any]:
    """The answers of an instance in the order of the document, without what is not relevant or empty."""
    found: dict[str, Any] = {}
    for key, node in state.compiled.members[instance.repeat].items():
        if not instance.relevant.get(node.index, True):
            continue
        if node.kind == "repeat":
            entries = [cleaned(state, entry) for entry in instance.entries.get(node.index, ())]
            if entries:
                found[key] = entries
        elif node.index in instance.values:
            found[key] = instance.values[node.index]
    return found
