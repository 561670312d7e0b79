"""Documents in few words, for tests of the engine."""

from typing import Any

from needs.surveys import engine

CHINESE = "中文 (zh)"
CONTEXT = engine.Context(
    now="2026-11-25T08:30:00.000+08:00", today="2026-11-25", username="wang", device_id="d", language=CHINESE
)


def question(type_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "question", "type": type_, "name": name, "label": {CHINESE: name}, **more}


def group(name: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "group", "name": name, "items": list(items), **more}


def repeat(name: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "repeat", "name": name, "items": list(items), **more}


def document(*items: dict[str, Any], choices: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {
        "settings": {"title": "入户调查", "default_language": CHINESE, **settings},
        "languages": [CHINESE],
        "items": list(items),
        "choices": choices or {},
    }


YES_NO = {"yn": [{"name": "yes", "label": {CHINESE: "是"}}, {"name": "no", "label": {CHINESE: "否"}}]}
