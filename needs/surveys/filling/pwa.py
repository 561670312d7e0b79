"""What a browser keeps so that the form opens without a network: the shell, its parts, the worker that serves them."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext

from needs.surveys.form_texts import icon_sheet, texts

SHELL = (
    "vendor/bootstrap/bootstrap.min.css",
    "css/talentmap.css",
    "css/surveys-form.css",
    "img/mark.svg",
    "img/mark-192.png",
    "img/mark-512.png",
    "vendor/idb/idb.js",
    "js/surveys/fill.js",
    "js/surveys/frame.js",
    "js/surveys/public.js",
    "js/surveys/api.js",
    "js/surveys/blocks.js",
    "js/surveys/device.js",
    "js/surveys/dom.js",
    "js/surveys/home.js",
    "js/surveys/interview.js",
    "js/surveys/places.js",
    "js/surveys/pages.js",
    "js/surveys/pictures.js",
    "js/surveys/queue.js",
    "js/surveys/queue-file.js",
    "js/surveys/render.js",
    "js/surveys/store.js",
    "js/surveys/text-template.js",
    "js/surveys/texts.js",
    "js/surveys/widgets.js",
    "js/surveys/widgets-choice.js",
    "js/surveys/widgets-media.js",
    "js/surveys/widgets-rank.js",
    "js/surveys/engine.js",
    "js/surveys/evaluator.js",
    "js/surveys/functions.js",
    "js/surveys/reading.js",
    "js/surveys/state.js",
    "js/surveys/values.js",
)
ICONS = (("img/mark-192.png", "192x192"), ("img/mark-512.png", "512x512"))


def shell() -> bytes:
    """The page in which an interviewer works. It names nobody and holds no answer, so it may lie in any cache."""
    return _shell(get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=4)
def _shell(language: str) -> bytes:
    return render_to_string("surveys/fill/shell.html", {"texts": texts(), "sheet": icon_sheet()}).encode()


def worker() -> str:
    """The service worker of this release: a new one wherever a single file of it changed."""
    assets = [static(name) for name in SHELL]
    home = reverse("surveys:fill_home")
    version = hashlib.sha256(("\n".join(assets)).encode() + shell()).hexdigest()[:16]
    values = {"version": version, "assets": assets, "home": home}
    return render_to_string("surveys/fill/worker.js", {"values": json.dumps(values)})


def manifest() -> dict[str, Any]:
    home = reverse("surveys:fill_home")
    return {
        "name": gettext("Talentmap surveys"),
        "short_name": gettext("Surveys"),
        "lang": get_language(),
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#f7f5f1",
        "theme_color": "#ffffff",
        "icons": [
            {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *({"src": static(name), "sizes": sizes, "type": "image/png"} for name, sizes in ICONS),
        ],
    }
