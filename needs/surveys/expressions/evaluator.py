"""Turns a tree into a function of a scope, once; running it then costs a few calls. Mirror: `evaluator.js`."""

import math
import operator
from collections.abc import Callable, Sequence
from typing import Protocol

from needs.surveys.expressions.functions import FUNCTIONS
from needs.surveys.expressions.parser import Ast
from needs.surveys.expressions.values import Value, to_boolean, to_number, to_text


class Scope(Protocol):
    """Where an expression stands: one question of one repeat instance."""

    @property
    def today(self) -> str: ...
    @property
    def now(self) -> str: ...
    @property
    def language(self) -> str: ...
    def nodes(self, node: int) -> list[str]:
        """The answers of a node, as seen from here; "" where there is none."""

    def own(self) -> str:
        """`.`, the answer at which the expression stands."""

    def column(self, name: str) -> str | None:
        """The choice's own column, in a choice filter."""

    def position_up(self, levels: int) -> int: ...
    def position_in(self, repeat: int) -> int: ...
    def indexed(self, node: int, indexes: list[tuple[int, int]]) -> str:
        """The answer of `node` in the given instances (repeat, number from 1)."""

    def choice_label(self, node: int, value: str) -> str: ...


Compiled = Callable[[Scope], Value]


def build(ast: Ast) -> Compiled:
    """The function of a tree. Trees come from `parse` only: a wrong one raises KeyError or IndexError."""
    make = _LEAVES.get(ast[0])
    if make is not None:
        return make(ast)
    if ast[0] == "call":
        return _call(ast[1], ast[2:])
    return _binary(ast[0], build(ast[1]), build(ast[2]))


def _constant(value: Value) -> Compiled:
    return lambda scope: value


def _reference(node: int) -> Compiled:
    return lambda scope: scope.nodes(node)


def _column_named(name: str) -> Compiled:
    return lambda scope: _column(scope, name)


def _negated(inner: Compiled) -> Compiled:
    return lambda scope: -to_number(inner(scope))


_LEAVES: dict[str, Callable[[Ast], Compiled]] = {
    "n": lambda ast: _constant(float(ast[1])),
    "s": lambda ast: _constant(str(ast[1])),
    "ref": lambda ast: _reference(ast[1]),
    "self": lambda ast: lambda scope: scope.own(),
    "col": lambda ast: _column_named(ast[1]),
    "neg": lambda ast: _negated(build(ast[1])),
}


def _column(scope: Scope, name: str) -> Value:
    value = scope.column(name)
    return [] if value is None else value


def _binary(kind: str, left: Compiled, right: Compiled) -> Compiled:
    if kind == "and":
        return lambda scope: to_boolean(left(scope)) and to_boolean(right(scope))
    if kind == "or":
        return lambda scope: to_boolean(left(scope)) or to_boolean(right(scope))
    if kind in _ARITHMETIC:
        compute = _ARITHMETIC[kind]
        return lambda scope: compute(to_number(left(scope)), to_number(right(scope)))
    compare = _COMPARISONS[kind]
    return lambda scope: compare(left(scope), right(scope))


def _divide(a: float, b: float) -> float:
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a) or math.isnan(b):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _remainder(a: float, b: float) -> float:
    return math.nan if b == 0 or math.isinf(a) else math.fmod(a, b)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divide,
    "mod": _remainder,
}


def _members(value: Value) -> Sequence[Value]:
    return value if isinstance(value, list) else [value]


def _equal(a: Value, b: Value) -> bool:
    """XPath's `=` of two single values: as booleans if either is one, else as numbers, else as texts."""
    if isinstance(a, bool) or isinstance(b, bool):
        return to_boolean(a) == to_boolean(b)
    if isinstance(a, float) or isinstance(b, float):
        return to_number(a) == to_number(b)
    return to_text(a) == to_text(b)


def _any(test: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool]:
    """A node set compares true when any of its values does; with a boolean it is compared as a whole."""

    def compare(a: Value, b: Value) -> bool:
        if not isinstance(a, list) and not isinstance(b, list):
            return test(a, b)
        if isinstance(a, bool) or isinstance(b, bool):
            return test(to_boolean(a), to_boolean(b))
        return any(test(x, y) for x in _members(a) for y in _members(b))

    return compare


_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": _any(_equal),
    "!=": _any(lambda a, b: not _equal(a, b)),
    "<": _any(lambda a, b: to_number(a) < to_number(b)),
    "<=": _any(lambda a, b: to_number(a) <= to_number(b)),
    ">": _any(lambda a, b: to_number(a) > to_number(b)),
    ">=": _any(lambda a, b: to_number(a) >= to_number(b)),
}


def _call(name: str, arguments: list[Ast]) -> Compiled:
    if name in _SPECIAL:
        return _SPECIAL[name](arguments)
    function = FUNCTIONS[name]
    built = [build(argument) for argument in arguments]
    return lambda scope: function(scope, *[argument(scope) for argument in built])


def _if(arguments: list[Ast]) -> Compiled:
    """Only the branch that is taken is computed."""
    test, then, otherwise = (build(argument) for argument in arguments)
    return lambda scope: then(scope) if to_boolean(test(scope)) else otherwise(scope)


def _once(arguments: list[Ast]) -> Compiled:
    inner = build(arguments[0])
    return lambda scope: scope.own() or to_text(inner(scope))


def _position(arguments: list[Ast]) -> Compiled:
    kind, number = arguments[0]
    if kind == "up":
        return lambda scope: float(scope.position_up(number))
    return lambda scope: float(scope.position_in(number))


def _indexed_repeat(arguments: list[Ast]) -> Compiled:
    node = arguments[0][1]
    repeats = [repeat[1] for repeat in arguments[1::2]]
    numbers = [build(number) for number in arguments[2::2]]

    def run(scope: Scope) -> Value:
        wanted = [to_number(number(scope)) for number in numbers]
        if not all(math.isfinite(number) and number >= 1 for number in wanted):
            return ""
        return scope.indexed(node, [(repeat, int(number)) for repeat, number in zip(repeats, wanted, strict=True)])

    return run


def _choice_name(arguments: list[Ast]) -> Compiled:
    value, node = build(arguments[0]), arguments[1][1]
    return lambda scope: scope.choice_label(node, to_text(value(scope)))


_SPECIAL: dict[str, Callable[[list[Ast]], Compiled]] = {
    "if": _if,
    "once": _once,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "jr:choice-name": _choice_name,
}
