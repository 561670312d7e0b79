"""The forms that a page offers, read from its HTML as a browser would."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test.html import Element, parse_html
from django.urls import resolve

CONTROLS = {"input", "select", "textarea", "button"}


@dataclass(frozen=True)
class Control:
    """One named control; `values` are what somebody who only clicks can send."""

    name: str
    values: tuple[str, ...]
    is_file: bool = False


@dataclass(frozen=True)
class PageForm:
    method: str
    address: str
    controls: tuple[Control, ...]

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for the same form on another page or about another thing."""
        return (self.method, self.view, tuple(sorted({control.name for control in self.controls})))

    @property
    def view(self) -> str:
        return resolve(self.address).view_name


def forms_of(html: str, page: str) -> list[PageForm]:
    """Every form of the page at `page` that sends to this site, htmx's own targets among them."""
    elements = list(_elements(parse_html(html)))
    found = []
    for form in (element for element in elements if element.name == "form"):
        own = [*_elements(form), *(each for each in elements if _attributes(each).get("form") == _id(form))]
        controls = tuple(_controls(own))
        given = _attributes(form)
        method = given.get("method", "get").lower()
        targets = {(method, given.get("action", ""))}
        targets |= {(verb, given[f"hx-{verb}"]) for verb in ("get", "post") if f"hx-{verb}" in given}
        found += [PageForm(verb, urlsplit(urljoin(page, target)).path, controls) for verb, target in sorted(targets)]
    return found


def _elements(element: Element) -> Iterator[Element]:
    for child in element.children:
        if isinstance(child, Element):
            yield child
            yield from _elements(child)


def _attributes(element: Element) -> dict[str, str]:
    return {name: value or "" for name, value in element.attributes}


def _id(form: Element) -> str:
    return _attributes(form).get("id", "-")


def _controls(elements: list[Element]) -> Iterator[Control]:
    values: dict[str, list[str]] = {}
    files = set()
    for element in elements:
        given = _attributes(element)
        if element.name not in CONTROLS or not given.get("name") or given["name"] == "csrfmiddlewaretoken":
            continue
        offered = [_attributes(option).get("value", "") for option in _elements(element) if option.name == "option"]
        values.setdefault(given["name"], []).extend(offered or [given.get("value", "")])
        if given.get("type") == "file":
            files.add(given["name"])
    for name, offered in values.items():
        yield Control(name, tuple(dict.fromkeys(offered)), name in files)
