"""Every icon that a template, a page or a registry names exists."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from talentmap.ui import navigation, tones
from talentmap.ui.icons import drawings, icon

NAMED = re.compile(r"""{%\s*icon\s+["']([\w-]+)["']|\bicon=["']([\w-]+)["']""")


def _named_in_templates():
    base = Path(settings.BASE_DIR)
    for path in (base / "templates").rglob("*.html"):
        for match in NAMED.finditer(path.read_text(encoding="utf-8")):
            yield match.group(1) or match.group(2), str(path.relative_to(base))


def test_every_icon_of_the_templates_exists():
    unknown = {(name, path) for name, path in _named_in_templates() if name not in drawings()}
    assert not unknown


def test_every_icon_of_the_registries_exists():
    items = [item for group in navigation.STAFF for item in group.items] + [*navigation.APPLICANT, *navigation.PUBLIC]
    names = {item.icon for item in items} | {look.icon for look in tones.LOOKS.values()}
    assert names <= drawings().keys()


def test_an_icon_beside_a_word_is_silent_and_one_alone_speaks():
    assert 'aria-hidden="true"' in icon("inbox")
    assert 'role="img" aria-label="A &quot;B&quot;"' in icon("inbox", 'A "B"')


def test_an_unknown_icon_is_a_mistake():
    with pytest.raises(KeyError):
        icon("no-such-icon")
