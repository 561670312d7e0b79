"""Runs a questionnaire: document → what is run, what is run and answers → cleaned answers or mistakes.

Pure, and the same in the browser (`static/js/surveys/engine.js`): `tests/surveys/vectors` hold both to one meaning.
"""

from needs.surveys.engine.checking import Checked, Context, Mistake, check
from needs.surveys.engine.compiling import CompileError, compile, problems
from needs.surveys.engine.differing import Change, difference
from needs.surveys.engine.identities import assign_ids
from needs.surveys.engine.logic import Dependency, dependencies
from needs.surveys.engine.messages import client_messages
from needs.surveys.engine.mistakes import DocumentMistake
from needs.surveys.engine.outline import Outline, outline
from needs.surveys.engine.program import Compiled, Node

__all__ = [
    "Change",
    "Checked",
    "CompileError",
    "Compiled",
    "Context",
    "Dependency",
    "DocumentMistake",
    "Mistake",
    "Node",
    "Outline",
    "assign_ids",
    "check",
    "client_messages",
    "compile",
    "dependencies",
    "difference",
    "outline",
    "problems",
]
