"""Bootstrap Icons drawn into the page: the whole sprite is a megabyte, a page needs a dozen of its 2,000."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SPRITE = "node_modules/bootstrap-icons/bootstrap-icons.svg"
_SYMBOL = re.compile(r'<symbol[^>]*\bid="([\w-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


@lru_cache(maxsize=1)
def drawings() -> dict[str, str]:
    """The inner drawing of every icon by its name."""
    sprite = (Path(settings.BASE_DIR) / SPRITE).read_text(encoding="utf-8")
    return {name: re.sub(r"\s*\n\s*", "", drawing) for name, drawing in _SYMBOL.findall(sprite)}


@lru_cache(maxsize=512)
def icon(name: str, label: str = "", css_class: str = "") -> SafeString:
    """An icon; with a label it speaks for itself, without one it is decoration beside a word.

    Raises KeyError for a name that Bootstrap Icons does not have.
    """
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    classes = f"icon {escape(css_class)}".strip()
    # The drawing comes from the package, never from input; everything else is escaped above.
    return mark_safe(  # noqa: S308
        f'<svg class="{classes}" viewBox="0 0 16 16" width="16" height="16" fill="currentColor" {spoken}>'
        f"{drawings()[name]}</svg>"
    )
