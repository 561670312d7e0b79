"""The ways out of the platform: what a channel must do, e-mail, and text messages into a folder.

A channel sends one message and returns, or raises:
- `TryLater`: the message surely was not sent, another attempt may help;
- `GiveUp`: it surely was not sent and never will be, such as to a number that does not exist;
- anything else: nobody knows. The next attempt carries the same `token`, so that a channel able to recognise a
  message it has already taken does not send it twice.
"""

import os
import smtplib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.module_loading import import_string

from talentmap.notices.models import Channel
from talentmap.people.masks import mask_phone

TIME_LIMIT_SECONDS = 10


class TryLater(Exception):
    """The message was not sent; the text says why and holds nothing personal."""


class GiveUp(Exception):
    """The message cannot be sent at all; the text says why and holds nothing personal."""


@dataclass(frozen=True)
class Message:
    """What goes out: `token` identifies it, `link` is an absolute address or empty, `code` what `subject` brings."""

    token: str
    address: str
    subject: str
    text: str
    link: str = ""
    code: str = ""


class MessageChannel(Protocol):
    def address_of(self, user: Any) -> str:
        """Where `user` is reached by this channel; empty when nowhere."""

    def send(self, message: Message) -> None:
        """Hand `message` over, within `TIME_LIMIT_SECONDS`."""


def channel_for(name: str) -> MessageChannel:
    """The channel behind `Channel` value `name`, as the settings choose it."""
    return Email() if name == Channel.EMAIL else import_string(settings.SMS_CHANNEL)()


class Email:
    """Mail by Django's backend. The token becomes the Message-ID, by which mail servers and readers drop a copy."""

    def address_of(self, user: Any) -> str:
        return user.email

    def send(self, message: Message) -> None:
        mail = EmailMessage(
            subject=message.subject,
            body="\n\n".join(part for part in (message.text, message.link) if part),
            to=[message.address],
            headers={"Message-ID": f"<{message.token}@{urlsplit(settings.SITE_URL).hostname}>"},
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients) from error
        except smtplib.SMTPResponseException as error:
            raise TryLater(f"SMTP {error.smtp_code}") from error


def _refusal(recipients: dict[str, tuple[int, bytes]]) -> Exception:
    code = max(code for code, _said in recipients.values())
    return GiveUp(f"SMTP {code}") if code >= 500 else TryLater(f"SMTP {code}")


class ConsoleSms:
    """Text messages of a demo: each is one file in `SMS_OUTBOX`, named by its token, so never a second."""

    def address_of(self, user: Any) -> str:
        return user.mobile

    def send(self, message: Message) -> None:
        folder = Path(settings.SMS_OUTBOX)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / f"{message.token}.txt"
        draft = folder / f".{message.token}.{os.getpid()}"
        draft.write_text(
            f"{timezone.localtime():%Y-%m-%d %H:%M:%S}  {mask_phone(message.address)}\n{message.subject}\n",
            encoding="utf-8",
        )
        try:
            os.link(draft, target)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
