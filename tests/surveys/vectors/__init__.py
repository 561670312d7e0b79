"""Vectors that server and browser both run: what goes in, and what must come out."""

import copy
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def load(name: str) -> dict[str, Any]:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def expression_form(vectors: dict[str, Any]) -> dict[str, Any]:
    """The document with a calculation for each case; what a case says comes back as an answer."""
    document = copy.deepcopy(vectors["document"])
    places = {"": document["items"]} | {item["name"]: item["items"] for item in _repeats(document["items"])}
    for number, case in enumerate(vectors["cases"]):
        name = f"case_{number}"
        calculation = f"concat('=', string({case['expression']}))"
        item = {"kind": "question", "type": "calculate", "name": name, "id": name, "calculation": calculation}
        places[case.get("in", "")].append(item)
    return document


def _repeats(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for item in items:
        if item["kind"] == "repeat":
            found.append(item)
        found.extend(_repeats(item.get("items", [])))
    return found


def results(answers: dict[str, Any], name: str) -> list[str]:
    """All answers of a calculation, through all repeats, in order."""
    found = []
    for key, value in answers.items():
        if key == name:
            found.append(value.removeprefix("="))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for entry in value:
                found.extend(results(entry, name))
    return found


def form_cases() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(what it is about, the document, the case) of all forms."""
    return [
        (f"{form['about']} [{number}]", form["document"], _written_out(case))
        for form in load("forms")["forms"]
        for number, case in enumerate(form["cases"])
    ]


def _written_out(value: Any) -> Any:
    """`{"repeat": ["字", 3]}` is 字字字."""
    if isinstance(value, dict) and set(value) == {"repeat"}:
        letter, times = value["repeat"]
        return letter * times
    if isinstance(value, dict):
        return {key: _written_out(inner) for key, inner in value.items()}
    return [_written_out(inner) for inner in value] if isinstance(value, list) else value


def mistakes_in(found: list[dict[str, str]], wanted: list[list[str]]) -> list[list[str]]:
    """The mistakes in the shape of the vectors: with the text where the vector gives one."""
    return [
        [one["path"], one["code"], *([one["text"]] if len(like) > 2 else [])]
        for one, like in zip(found, [*wanted, *[[]] * len(found)], strict=False)
    ]
