"""Published versions as they are run. They never change, so each process reads every one of them once."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from needs.surveys import engine
from needs.surveys.filling.rules import Marked, marked
from needs.surveys.questionnaires.models import Version


@dataclass(frozen=True)
class Runnable:
    questionnaire_id: int
    compiled: Any
    marked: Marked
    json: bytes


class Unpublished(LookupError):
    """There is no such version, or it is a draft."""


@lru_cache(maxsize=200)
def runnable(version_id: int) -> Runnable:
    """Raises Unpublished, which is not remembered: the version may be published a moment later."""
    row = Version.objects.published().filter(pk=version_id).values("questionnaire", "compiled").first()
    if row is None:
        raise Unpublished(version_id)
    what_is_run: Any = row["compiled"]
    return Runnable(
        questionnaire_id=row["questionnaire"],
        compiled=engine.Compiled.from_json(what_is_run),
        marked=marked(what_is_run.get("nodes", ())),
        json=json.dumps(what_is_run, ensure_ascii=False, separators=(",", ":")).encode(),
    )
