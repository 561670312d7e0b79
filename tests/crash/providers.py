"""Text message providers that a test can stop in the middle of a message, to kill the worker right there.

The folder `SMS_OUTBOX` is where test and worker meet: the provider leaves `reached` when it is at the spot, and goes on
once the test has put `go` there. Every message that "arrives" is one line in `arrived`.
"""

import time
from pathlib import Path

from django.conf import settings

from talentmap.notices.channels import ConsoleSms, Message


class _Provider(ConsoleSms):
    def take(self, message: Message) -> None:
        """Deliver; a provider that knows tokens does so once for each."""
        with (self.folder / "arrived").open("a") as arrived:
            arrived.write(f"{message.token}\n")

    @property
    def folder(self) -> Path:
        return Path(settings.SMS_OUTBOX)

    def wait_to_be_killed(self) -> None:
        (self.folder / "reached").touch()
        while not (self.folder / "go").exists():
            time.sleep(0.02)


class DiesBefore(_Provider):
    """The worker is killed when it has claimed the message and the provider has not taken it yet."""

    def send(self, message: Message) -> None:
        self.wait_to_be_killed()
        self.take(message)


class DiesAfter(_Provider):
    """The worker is killed when the provider has taken the message and nobody has written that down."""

    def take(self, message: Message) -> None:
        if not (self.folder / message.token).exists():
            (self.folder / message.token).touch()
            super().take(message)

    def send(self, message: Message) -> None:
        self.take(message)
        self.wait_to_be_killed()


class DiesAfterAndForgets(DiesAfter):
    """As before, at a provider that does not recognise a token: the one case in which a copy is possible."""

    def take(self, message: Message) -> None:
        _Provider.take(self, message)
