"""ODK's XPath: text to tree, tree to a function of a scope. The trees are described in `docs/surveys.md`."""

from needs.surveys.expressions.errors import ExpressionError
from needs.surveys.expressions.evaluator import Scope, build
from needs.surveys.expressions.parser import Ast, parse, references, template
from needs.surveys.expressions.values import Value, to_boolean, to_number, to_text

__all__ = [
    "Ast",
    "ExpressionError",
    "Scope",
    "Value",
    "build",
    "parse",
    "references",
    "template",
    "to_boolean",
    "to_number",
    "to_text",
]
