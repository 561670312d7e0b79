"""Every action has a name that a director can read."""

import pytest
from django.urls import get_resolver

from talentmap.audit import labels
from talentmap.audit.action import ACTIONS
from talentmap.celery import app


@pytest.fixture(autouse=True)
def _all_actions():
    """Pages and tasks import what they use, and so all actions there are."""
    assert get_resolver().url_patterns
    app.loader.import_default_modules()


def test_every_action_is_named():
    own = {name for name in ACTIONS if not name.startswith("tests.")}

    assert own <= set(labels._labels), own - set(labels._labels)


def test_no_name_is_kept_for_an_action_that_is_gone():
    named = set(labels._labels) - {"admin.edit"}

    assert named <= set(ACTIONS), named - set(ACTIONS)


def test_names_are_distinct():
    words = [words for _name, words in labels.action_choices()]

    assert len(words) == len(set(words))
