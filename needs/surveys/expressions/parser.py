"""Reads an expression into a tree of lists, which goes to the browser as it is.

Own, and not elementpath's: `${…}`, `jr:choice-name(…, '${…}')` and positions inside a cell are not XPath, and what we
do not support must be refused by name. The tests use elementpath to prove the XPath in it.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from needs.surveys.expressions.errors import ExpressionError
from needs.surveys.expressions.signatures import OF_NODES, SIGNATURES
from needs.surveys.expressions.tokens import Token, tokens_of

Ast = list[Any]
Resolver = Callable[[str], int | None]

_POWERS = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
_NEGATION = 7
_CONSTANTS: dict[str, Callable[[str], Ast]] = {
    "number": lambda text: ["n", float(text)],
    "string": lambda text: ["s", text[1:-1]],
    "self": lambda text: ["self"],
}
_REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")
DEEPEST = 60
# Also a chain like 1 + 1 + … is a deep tree; whoever walks one must not run out of stack.
DEEPEST_TREE = 150


def parse(text: str, resolve: Resolver, *, columns: bool = False) -> Ast:
    """The tree of `text`. `resolve` gives the node that a `${name}` means, or None; `columns` lets bare names stand
    for a choice's own columns. Raises ExpressionError with the character at which it goes wrong."""
    return _Parser(text, resolve, columns).whole()


def template(text: str, resolve: Resolver) -> list[Any] | None:
    """A text with `${name}` in it as a list of strings and trees; None when there is nothing to fill in."""
    parts: list[Any] = []
    at = 0
    for match in _REFERENCE.finditer(text):
        parts += [text[at : match.start()], _reference(match.group(1), resolve, match.start() + 1)]
        at = match.end()
    return [part for part in [*parts, text[at:]] if part != ""] if parts else None


def references(ast: Any) -> Iterator[int]:
    """The nodes that a tree or a template speaks of."""
    if isinstance(ast, list) and ast:
        if ast[0] == "ref" and len(ast) == 2:
            yield ast[1]
            return
        for part in ast:
            yield from references(part)


def _reference(name: str, resolve: Resolver, position: int) -> Ast:
    node = resolve(name.removeprefix("last-saved#"))
    if node is None or name.startswith("last-saved#"):
        message = _("There is no question “%(name)s”, or more than one.") % {"name": name}
        raise ExpressionError("unknown_reference", message, position)
    return ["ref", node]


def _depth(tree: Ast) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        part, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((inner, depth + 1) for inner in part if isinstance(inner, list))
    return deepest


class _Parser:
    def __init__(self, text: str, resolve: Resolver, columns: bool) -> None:
        self.tokens = tokens_of(text)
        self.end = len(text) + 1
        self.resolve = resolve
        self.columns = columns
        self.at = 0
        self.depth = 0

    def whole(self) -> Ast:
        if not self.tokens:
            raise ExpressionError("empty", _("The expression is empty."), 1)
        tree = self.expression(0)
        if (left := self.peek()) is not None:
            raise self.unexpected(left)
        if _depth(tree) > DEEPEST_TREE:
            raise ExpressionError("too_deep", _("The expression is nested too deeply."), 1)
        return tree

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise ExpressionError("incomplete", _("The expression ends too early."), self.end)
        self.at += 1
        return token

    def expect(self, text: str) -> None:
        token = self.take()
        if token.text != text or token.kind != "operator":
            message = _("“%(wanted)s” is expected here, not “%(found)s”.")
            raise ExpressionError("unexpected", message % {"wanted": text, "found": token.text}, token.position)

    def unexpected(self, token: Token) -> ExpressionError:
        message = _("“%(text)s” is not expected here.") % {"text": token.text}
        return ExpressionError("unexpected", message, token.position)

    def expression(self, power: int) -> Ast:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(
                "too_deep", _("The expression is nested too deeply."), self.tokens[self.at - 1].position
            )
        left = self.operand()
        while (operator := self.peek()) is not None:
            strength = _POWERS.get(operator.text, 0) if operator.kind in ("operator", "name") else 0
            if strength <= power:
                break
            self.at += 1
            left = [operator.text, left, self.expression(strength)]
        self.depth -= 1
        return left

    def operand(self) -> Ast:
        token = self.take()
        if token.kind in _CONSTANTS:
            return _CONSTANTS[token.kind](token.text)
        if token.kind == "ref":
            return _reference(token.text[2:-1].strip(), self.resolve, token.position)
        if token.kind == "name":
            return self.name(token)
        if token.text == "-":
            return ["neg", self.expression(_NEGATION)]
        if token.text == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        if token.kind == "up":
            message = _("“..” can only be used in position(..).")
            raise ExpressionError("unsupported_path", message, token.position)
        raise self.unexpected(token)

    def name(self, token: Token) -> Ast:
        following = self.peek()
        if following is not None and following.text == "(" and following.kind == "operator":
            self.at += 1
            return self.call(token)
        if self.columns:
            return ["col", token.text]
        message = _("“%(name)s” is neither a function nor in quotation marks. A question is written ${%(name)s}.")
        raise ExpressionError("bare_name", message % {"name": token.text}, token.position)

    def call(self, token: Token) -> Ast:
        if token.text not in SIGNATURES:
            message = _("The function %(name)s() is not supported.") % {"name": token.text}
            raise ExpressionError("unknown_function", message, token.position)
        arguments = self.arguments(token.text)
        self.check_count(token, len(arguments))
        check = _CHECKS.get(token.text)
        if check is not None:
            arguments = check(self, token, arguments)
        if token.text in OF_NODES and arguments[0][0] != "ref":
            message = _("%(name)s() counts a question or a repeat: write ${…} in it.") % {"name": token.text}
            raise ExpressionError("wrong_argument", message, token.position)
        return ["call", token.text, *arguments]

    def arguments(self, function: str) -> list[Ast]:
        found: list[Ast] = []
        token = self.peek()
        if token is not None and token.text == ")" and token.kind == "operator":
            self.at += 1
            return found
        while True:
            token = self.peek()
            if function == "position" and token is not None and token.kind == "up":
                self.at += 1
                found.append(["up", token.text.count("..")])
            else:
                found.append(self.expression(0))
            token = self.take()
            if token.kind != "operator" or token.text not in ",)":
                raise self.unexpected(token)
            if token.text == ")":
                return found

    def check_count(self, token: Token, given: int) -> None:
        least, most = SIGNATURES[token.text]
        if given < least or (most is not None and given > most):
            wanted = str(least) if least == most else f"{least}–{most}" if most is not None else f"≥ {least}"
            message = _("%(name)s() takes %(wanted)s arguments, not %(given)s.")
            values = {"name": token.text, "wanted": wanted, "given": given}
            raise ExpressionError("wrong_argument_count", message % values, token.position)


def _choice_name(parser: _Parser, token: Token, arguments: list[Ast]) -> list[Ast]:
    """The second argument is the question, as `${q}` or, as XLSForm writes it, as the text '${q}'."""
    value, question = arguments
    if question[0] == "s" and (match := _REFERENCE.fullmatch(question[1].strip())):
        question = _reference(match.group(1), parser.resolve, token.position)
    if question[0] != "ref":
        message = _("jr:choice-name() names the question in its second argument: '${question}'.")
        raise ExpressionError("wrong_argument", message, token.position)
    return [value, question]


def _position(parser: _Parser, token: Token, arguments: list[Ast]) -> list[Ast]:
    if arguments[0][0] not in ("up", "ref"):
        message = _("position() takes “..” or a repeat.")
        raise ExpressionError("wrong_argument", message, token.position)
    return arguments


def _indexed_repeat(parser: _Parser, token: Token, arguments: list[Ast]) -> list[Ast]:
    nodes = [arguments[0], *arguments[1::2]]
    if len(arguments) % 2 == 0 or any(node[0] != "ref" for node in nodes):
        message = _("indexed-repeat() takes a question, then a repeat and a number, each repeat as ${…}.")
        raise ExpressionError("wrong_argument", message, token.position)
    return arguments


def _regex(parser: _Parser, token: Token, arguments: list[Ast]) -> list[Ast]:
    if arguments[1][0] != "s":
        message = _("The pattern of regex() must be a text in quotation marks.")
        raise ExpressionError("wrong_argument", message, token.position)
    if (wrong := pattern_mistake(arguments[1][1])) is not None:
        raise ExpressionError("bad_pattern", wrong, token.position)
    return arguments


_CHECKS: dict[str, Callable[[_Parser, Token, list[Ast]], list[Ast]]] = {
    "jr:choice-name": _choice_name,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "regex": _regex,
}


def pattern_mistake(pattern: str) -> Any:
    """What is wrong with a regular expression, or None. Endless repetition inside endless repetition is refused: one
    long answer could keep the server busy for hours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = re._parser.parse(pattern)  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError):
        return _("The pattern of regex() is not a regular expression.")
    if _is_nested(tree, inside=False):
        return _("The pattern repeats a repetition, which can take for ever. Write it without one inside the other.")
    return None


def _is_nested(tree: Any, *, inside: bool) -> bool:
    endless = re._constants.MAXREPEAT  # type: ignore[attr-defined]
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            is_endless = argument[1] == endless or argument[1] > 100
            if (is_endless and inside) or _is_nested(argument[2], inside=inside or is_endless):
                return True
        elif name == "BRANCH":
            if any(_is_nested(branch, inside=inside) for branch in argument[1]):
                return True
        elif name == "SUBPATTERN" and _is_nested(argument[3], inside=inside):
            return True
    return False
