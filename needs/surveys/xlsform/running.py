"""What the engine says of a document, told where it stands in the workbook."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import translation

from needs.surveys.engine import problems
from needs.surveys.engine.mistakes import DocumentMistake
from needs.surveys.xlsform.choices import LONGEST_NAME as LONGEST_CHOICE
from needs.surveys.xlsform.fields import Fields
from needs.surveys.xlsform.items import LONGEST_NAME, NAME
from needs.surveys.xlsform.messages import MESSAGES
from needs.surveys.xlsform.mistakes import LANGUAGES, Findings, Mistake, Place
from needs.surveys.xlsform.survey import Origin

Document = Mapping[str, Any]

# The workbook's own checks tell these already, and nearer to what its author sees.
_TOLD = {
    "duplicate_name",
    "duplicate_choice",
    "duplicate_id",
    "unknown_type",
    "unknown_role",
    "missing_list",
    "bad_name",
    "bad_id",
}
_COLUMNS = {"id": "question_id", "list": "type"}


def check_running(document: Document, origins: list[Origin], settings: Fields | None, found: Findings) -> None:
    """Add what keeps the document from being run: expressions, references, circles."""
    sound = _sound(document)
    # The engine's sentences are fixed in the language in which it finds them.
    spoken = []
    for language in LANGUAGES:
        with translation.override(language):
            spoken.append([(each, _sentence(each, _origin(each, origins), settings)) for each in problems(sound)])
    already = bool(found.mistakes)
    for (each, chinese), (_, english) in zip(*spoken, strict=True):
        # A mistake of form that nothing else explains must not let the document pass.
        if each.code in _TOLD or (each.code == "shape" and already):
            continue
        place = _place(each, _origin(each, origins), settings)
        found.mistakes.append(Mistake(place.sheet, place.row, place.column, each.code, chinese, english))


def _origin(each: DocumentMistake, origins: list[Origin]) -> Origin | None:
    return next((origin for origin in origins if origin.path == each.path), None)


def _place(each: DocumentMistake, origin: Origin | None, settings: Fields | None) -> Place:
    prop, _, language = each.prop.partition("::")
    key = _COLUMNS.get(prop, prop)
    if origin:
        return origin.row.place(key, language or None)
    return settings.place(key) if settings else Place()


def _sentence(each: DocumentMistake, origin: Origin | None, settings: Fields | None) -> str:
    row = origin.row if origin else settings
    prop, _, language = each.prop.partition("::")
    heading = row.heading(_COLUMNS.get(prop, prop), language or None) if row else ""
    words = {"field": heading or each.prop, "reason": str(each.message), "position": each.position}
    return str(MESSAGES["expression_at" if each.position else "expression"]) % words


def _sound(document: Document) -> dict[str, Any]:
    """The document without what is told elsewhere, so that the engine gets to see its expressions."""
    return {
        **document,
        "items": [_sound_item(item, (at,)) for at, item in enumerate(document["items"])],
        "choices": {name: list(_sound_choices(choices)) for name, choices in document["choices"].items()},
    }


def _sound_item(item: Document, path: tuple[int, ...]) -> dict[str, Any]:
    name = item["name"]
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        name = "_".join(["unnamed", *map(str, path)])
    sound = {key: value for key, value in item.items() if key != "id"} | {"name": name}
    if "items" in item:
        sound["items"] = [_sound_item(child, (*path, at)) for at, child in enumerate(item["items"])]
    return sound


def _sound_choices(choices: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for choice in choices:
        name = choice["name"]
        if name not in seen and len(name.split()) == 1 and len(name) <= LONGEST_CHOICE:
            seen.add(name)
            yield choice
