"""The engine's problems of a document, as the builder and the pages show them."""

from typing import Any

from needs.surveys import engine
from needs.surveys.questionnaires.documents import Document, walk
from needs.surveys.questionnaires.models import Version
from needs.surveys.questionnaires.settled import settled
from needs.surveys.questionnaires.words import key_word

Problem = dict[str, str]


def of_version(version: Version) -> list[Problem]:
    """Of the questions with the ids that they would get: only then is an id taken or free."""
    return of(settled(version))


def of(document: Document) -> list[Problem]:
    """`path` such as "0.2" leads to the item, "" means the questionnaire; `key` is the property, `part` its word."""
    return [_problem(document, mistake) for mistake in engine.problems(document)]


def _problem(document: Document, mistake: engine.DocumentMistake) -> Problem:
    key, _separator, language = mistake.prop.partition("::")
    path = mistake.path or (_first_with(document, mistake.name) if key == "choices" else ())
    word = str(key_word("list" if key == "choices" else key))
    return {
        "path": ".".join(map(str, path)),
        "name": mistake.name,
        "key": key,
        "part": f"{word} ({language})" if language else word,
        "text": str(mistake.message),
    }


def _first_with(document: Document, list_name: str) -> tuple[int, ...]:
    """A fault of a choice list is mended at the first question that uses it."""
    paths = paths_of(document)
    found = (path for path, item in zip(paths, walk(document.get("items", [])), strict=True) if _uses(item, list_name))
    return next(found, ())


def _uses(item: dict[str, Any], list_name: str) -> bool:
    return item.get("list") == list_name


def paths_of(document: Document) -> list[tuple[int, ...]]:
    """The place of every item, in the order of `walk`."""
    return list(_paths(document.get("items", []), ()))


def _paths(items: list[Any], before: tuple[int, ...]) -> Any:
    for number, item in enumerate(items):
        yield (*before, number)
        yield from _paths(item.get("items", []), (*before, number))
