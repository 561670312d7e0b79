"""Which question depends on which, and by what, for the logic view."""

from dataclasses import dataclass

from needs.surveys.engine.program import EXPRESSIONS, Compiled
from needs.surveys.expressions import references


@dataclass(frozen=True)
class Dependency:
    """Node `index` depends on node `needs` by its property `prop` (an expression, or a text with `${…}`)."""

    index: int
    needs: int
    prop: str


def dependencies(compiled: Compiled) -> list[Dependency]:
    """In the order of the document, each once."""
    found: dict[Dependency, None] = {}
    for node in compiled.nodes:
        for prop in EXPRESSIONS:
            for needs in references(node.data.get(prop)):
                found[Dependency(node.index, needs, prop)] = None
        for prop, templates in (node.data.get("texts") or {}).items():
            for parts in templates.values():
                for needs in references(parts):
                    found[Dependency(node.index, needs, prop)] = None
    return list(found)
