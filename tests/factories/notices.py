"""Notices and their deliveries."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from talentmap.notices.kinds import Group, NoticeKind, register
from talentmap.notices.models import Channel, Delivery, Notice
from tests.factories.accounts import UserFactory

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

TEST_KIND = register(
    NoticeKind(
        code="test_moved_on",
        group=Group.CASES,
        subject="Application %(number)s moved on",
        text="Application %(number)s is being looked at. Sign in to see more.",
        channels=("email", "sms"),
    )
)


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    recipient = factory.SubFactory(
        UserFactory,
        email=factory.Sequence(lambda n: f"person{n}@example.org"),
        mobile=factory.Sequence(lambda n: f"138{n:08}"),
    )
    kind = TEST_KIND.code
    params = factory.LazyFunction(lambda: {"number": "ZF-2026-00012"})
    link = "/applications/12/"
    key = factory.Sequence(lambda n: f"test-{n}")
    created_at = MORNING


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    notice = factory.SubFactory(NoticeFactory)
    channel = Channel.SMS
    next_try_at = MORNING


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by
