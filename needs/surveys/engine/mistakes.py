from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DocumentMistake:
    """What is wrong where: `path` leads through `items` to the item ((0, 2): the third of the first; () the document),
    `prop` is its property (`label::中文 (zh)` for a text), `position` the character in it from 1, 0 for all of it."""

    code: str
    path: tuple[int, ...]
    name: str
    prop: str
    message: Any
    position: int = 0
