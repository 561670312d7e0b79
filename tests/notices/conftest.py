"""Text messages of a test go into a folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    settings.SMS_CHANNEL = "talentmap.notices.channels.ConsoleSms"
    settings.SMS_OUTBOX = tmp_path / "sms"
    settings.SMS_OUTBOX.mkdir()
    return settings.SMS_OUTBOX
