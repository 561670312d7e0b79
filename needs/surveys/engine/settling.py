"""Settles relevance, repeat counts and calculations, each once and in an order in which what it needs is known."""

import math
from typing import Any

from needs.surveys.engine.kinds import METADATA
from needs.surveys.engine.program import Node
from needs.surveys.engine.reading import from_text
from needs.surveys.engine.state import ROOT, Instance, Standing, State
from needs.surveys.expressions import to_boolean, to_number, to_text

MOST_ENTRIES = 500


def settle(state: State) -> None:
    for node in state.compiled.steps:
        if node.repeat == ROOT:
            _settle(state, node, state.root)
        else:
            for instance in state.instances(node.repeat):
                _settle(state, node, instance)


def _settle(state: State, node: Node, instance: Instance) -> None:
    is_relevant = _is_relevant(state, node, instance)
    instance.relevant[node.index] = is_relevant
    if node.kind == "question":
        if not is_relevant:
            instance.put(node.index, None)
        elif "calculation" in node.runs:
            _calculate(state, node, instance)
        elif node.type in METADATA or node.type == "hidden":
            _supply(state, node, instance)
    elif node.kind == "repeat":
        _count(state, node, instance, is_relevant)


def _is_relevant(state: State, node: Node, instance: Instance) -> bool:
    """A node is relevant when what encloses it is, and its own condition holds."""
    parent = node.parent
    if parent not in (ROOT, instance.repeat) and not instance.relevant.get(parent, True):
        return False
    relevant = node.run("relevant")
    return relevant is None or to_boolean(relevant(Standing(state, node, instance)))


def _calculate(state: State, node: Node, instance: Instance) -> None:
    if node.is_volatile and instance.texts.get(node.index):
        return
    value = node.runs["calculation"](Standing(state, node, instance))
    instance.unfit.pop(node.index, None)
    instance.put(node.index, from_text(node, to_text(value)))


def _supply(state: State, node: Node, instance: Instance) -> None:
    """What the device knows, and the standing value of a hidden question, where nothing was sent."""
    if node.index in instance.values:
        return
    if node.type == "hidden":
        default = node.run("default")
        text = to_text(default(Standing(state, node, instance))) if default else ""
    else:
        text = _of_device(state.context, node.type)
    instance.put(node.index, from_text(node, text))


def _of_device(context: Any, type_: str) -> str:
    known = {"today": context.today, "username": context.username, "deviceid": context.device_id}
    return str(known.get(type_, context.now))


def _count(state: State, node: Node, instance: Instance, is_relevant: bool) -> None:
    if not is_relevant:
        instance.resize(node.index, 0)
        return
    wanted = node.run("repeat_count")
    if wanted is not None:
        number = to_number(wanted(Standing(state, node, instance)))
        instance.resize(node.index, max(0, min(MOST_ENTRIES, int(number))) if math.isfinite(number) else 0)
