"""How one answer becomes the cells of a row. Pure.

The converters are made once for an export and called a million times each: what can be known beforehand is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from needs.surveys.exports.columns import MANY, NO_TEXT, NUMBERS, Layout, Question
from needs.surveys.exports.decoding import Answers, is_exact
from needs.surveys.exports.options import EACH, Options
from talentmap.ui.downloads import harmless

Convert = Callable[[Any], Any]


TEXT, NUMBER, CHOICE, OTHER = range(4)
MOST_REMEMBERED = 5_000  # lists of choices a question: a ranking of ten has millions
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


class Inexact(ValueError):
    """A number that has to be read again digit by digit."""


@dataclass(frozen=True)
class Column:
    """One column of a file: its heading, the stable id that it reads, and how; `kind` and `known` are short cuts."""

    heading: str
    key: str
    convert: Convert
    question: Question
    choice: str = ""
    kind: int = OTHER
    known: dict[str, str] = field(default_factory=dict)


def number(value: Any) -> Any:
    if is_exact(value):
        return value
    raise Inexact


def whole(value: Any) -> str:
    """Any value as the text that says all of it."""
    if isinstance(value, list):
        return " ".join(whole(each) for each in value)
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("file") or "")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def columns_of(questions: Iterable[Question], layout: Layout, options: Options, *, guarded: bool) -> list[Column]:
    """The columns of the questions; `guarded` keeps text from running as a formula, as CSV needs."""
    return [column for question in questions for column in _columns(question, layout, options, guarded)]


def _columns(question: Question, layout: Layout, options: Options, guarded: bool) -> list[Column]:
    heading = layout.said(question.label, options.language, question.id) if options.is_labelled else question.id
    if question.type in MANY and options.multiple == EACH:
        return [_one_choice(question, name, heading, layout, options, guarded) for name in question.choices]
    return [_column(question, heading, layout, options, guarded)]


def _one_choice(question: Question, name: str, heading: str, layout: Layout, options: Options, guarded: bool) -> Column:
    shown = layout.said(question.choices[name], options.language, name) if options.is_labelled else name
    glue = " – " if options.is_labelled else "/"
    is_rank = question.type == "rank"

    yes, no = ("1", "0") if guarded else (1, 0)

    def chosen(value: Any) -> Any:
        return yes if name in value else no

    def ranked(value: Any) -> Any:
        return value.index(name) + 1 if name in value else ""

    return Column(f"{heading}{glue}{shown}", question.id, ranked if is_rank else chosen, question, name)


def _column(question: Question, heading: str, layout: Layout, options: Options, guarded: bool) -> Column:
    safe: Convert = harmless if guarded else str
    if question.has_choices:
        return _of_choices(question, heading, choice_words(question, layout, options), safe, options.is_labelled)
    if question.type in NUMBERS:
        return Column(heading, question.id, number, question, kind=NUMBER)

    def text(value: Any) -> str:
        return safe(value if type(value) is str else whole(value))  # type: ignore[no-any-return]

    is_text = guarded and question.type not in NO_TEXT
    return Column(heading, question.id, text, question, kind=TEXT if is_text else OTHER)


def _of_choices(question: Question, heading: str, words: dict[str, str], safe: Convert, is_labelled: bool) -> Column:
    known = {name: safe(said) for name, said in words.items()}
    glue = "; " if is_labelled else " "

    def one(value: Any) -> str:
        return known[value] if value in known else safe(whole(value))

    def many(value: Any) -> str:
        return safe(glue.join([words.get(each) or whole(each) for each in value]))  # type: ignore[no-any-return]

    if question.type in MANY:
        return Column(heading, question.id, remembered(many), question)
    return Column(heading, question.id, one, question, kind=CHOICE, known={**known, "": ""})


def remembered(convert: Convert) -> Convert:
    """The same, faster: most lists of choices come again and again."""
    known: dict[str, str] = {}

    def say(value: Any) -> str:
        try:
            key = "\0".join(value)
        except TypeError:
            return convert(value)  # type: ignore[no-any-return]
        if (found := known.get(key)) is None:
            found = convert(value)
            if len(known) < MOST_REMEMBERED:
                known[key] = found
        return found

    return say


def choice_words(question: Question, layout: Layout, options: Options) -> dict[str, str]:
    """What is written for each choice: its label, or its name."""
    if not options.is_labelled:
        return {name: name for name in question.choices}
    return {name: layout.said(label, options.language, name) for name, label in question.choices.items()}


class Row:
    """Makes rows of one table's columns: the usual kinds of answers without a call each, the odd ones one by one."""

    def __init__(self, columns: list[Column], *, as_text: bool) -> None:
        self.as_text = as_text
        self.parts = [(column.key, column.convert) for column in columns]
        self.keys = [column.key for column in columns]
        # Of a dictionary's own values a row is made twice as fast as by asking for each; but each has one place there.
        self.empty = dict.fromkeys(self.keys, "") if len(set(self.keys)) == len(columns) else None
        self.texts = [place for place, column in enumerate(columns) if column.kind == TEXT]
        self.numbers = [place for place, column in enumerate(columns) if column.kind == NUMBER]
        self.choices = [(place, column.known) for place, column in enumerate(columns) if column.kind == CHOICE]
        self.others = [(place, column.convert) for place, column in enumerate(columns) if column.kind == OTHER]
        self.blanks = [""] * len(columns)

    def of(self, answers: Answers) -> list[Any]:
        """The cells of these answers. Raises Inexact for a number that a float cannot hold."""
        cells = self._taken(answers)
        try:
            self._put_texts(cells)
            for place, known in self.choices:
                cells[place] = known[cells[place]]
            self._put_numbers(cells)
            for place, convert in self.others:
                if (value := cells[place]) != "":
                    cells[place] = convert(value)
        except (TypeError, KeyError, AttributeError):
            return self.exactly(answers)
        return cells

    def _put_texts(self, cells: list[Any]) -> None:
        """Raises TypeError for what is no text."""
        for place in self.texts:
            value = cells[place]
            if type(value) is not str:
                raise TypeError
            if value and value[0] in FORMULA_STARTS:
                cells[place] = "'" + value

    def _put_numbers(self, cells: list[Any]) -> None:
        """Raises TypeError for what is no number, Inexact for one that a float cannot hold."""
        for place in self.numbers:
            value = cells[place]
            if type(value) is float and not is_exact(value):
                raise Inexact
            if type(value) is not int and type(value) is not float:
                if value != "":
                    raise TypeError
            elif self.as_text:
                cells[place] = str(value)

    def _taken(self, answers: Answers) -> list[Any]:
        """The answers in the order of the columns; what the columns do not ask comes behind them, and is left away."""
        if self.empty is None:
            return list(map(answers.get, self.keys, self.blanks))
        return list((self.empty | answers).values())[: len(self.keys)]

    def exactly(self, answers: Answers) -> list[Any]:
        """The same, whatever the answers are: also for those that were decoded digit by digit."""
        return [_any(answers.get(key), convert) for key, convert in self.parts]


def _any(value: Any, convert: Convert) -> Any:
    """One cell, never an error."""
    if value is None:
        return ""
    try:
        return convert(value)
    except Inexact:
        return str(value) if _is_number(value) else harmless(whole(value))
    except (TypeError, AttributeError, ValueError):
        return harmless(whole(value))  # of another kind than the question asks for: its text


def _is_number(value: Any) -> bool:
    return not isinstance(value, str | list | dict | bool)


def unique(headings: Iterable[str], keys: Iterable[str]) -> list[str]:
    """Headings that are told apart: two questions with the same label get their ids behind it."""
    found = list(headings)
    often = {heading for heading in found if found.count(heading) > 1}
    return [f"{head} ({key})" if head in often else head for head, key in zip(found, keys, strict=True)]


def instances(answers: Answers, path: tuple[str, ...]) -> Iterable[tuple[tuple[int, ...], Answers]]:
    """The instances of a repeat, with their numbers from the outermost repeat inwards, counted from 1."""
    if not path:
        yield (), answers
        return
    listed = answers.get(path[0])
    for place, each in enumerate(listed if isinstance(listed, list) else (), start=1):
        if isinstance(each, dict):
            for places, inner in instances(each, path[1:]):
                yield (place, *places), inner
