"""A year in the county, played event by event in the order in which it would have happened.

Whatever happens goes through the product's own actions with the time at which it happened. The same seed and the same
day give the same county.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import count
from random import Random
from typing import Any

from django.utils import timezone

from talentmap.accounts.models import User
from talentmap.casework import calendar
from talentmap.casework.models import Application
from talentmap.casework.rules import add_working_days
from talentmap.people.models import Organisation, Talent
from talentmap.regions.models import Region
from talentmap.ui.errors import Refused

Event = Callable[[datetime], object]
DAY_BEGINS, DAY_MINUTES = time(9, 0), 8 * 60


@dataclass
class World:
    rng: Random
    begin: datetime
    end: datetime
    say: Callable[[str], None]
    townships: dict[str, Region] = field(default_factory=dict)
    villages: dict[int | None, list[Region]] = field(default_factory=dict)
    cadres: dict[int, User] = field(default_factory=dict)
    staff: list[User] = field(default_factory=list)
    director: User = field(init=False)
    system: User = field(init=False)
    organisations: list[Organisation] = field(default_factory=list)
    talents: list[Talent] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)  # talents whose year is planned: chance leaves them alone

    def __post_init__(self) -> None:
        self._events: list[tuple[datetime, int, Event]] = []
        self._order = count()
        self.calendar = calendar.current()

    def on(self, moment: datetime, event: Event) -> None:
        """Have `event` happen; what would lie in the future does not happen."""
        if moment <= self.end:
            heapq.heappush(self._events, (moment, next(self._order), event))

    def after(self, moment: datetime, workdays: int, event: Event) -> None:
        """Some office hour so many working days later; 0 is later the same day."""
        self.on(self.office_hour(moment, workdays), event)

    def office_hour(self, moment: datetime, workdays: int) -> datetime:
        if workdays == 0:
            return moment + timedelta(minutes=self.rng.randrange(5, 90))
        day = add_working_days(timezone.localdate(moment), workdays, self.calendar)
        return self.at(day, self.rng.randrange(DAY_MINUTES))

    @staticmethod
    def at(day: date, minutes: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(day, DAY_BEGINS)) + timedelta(minutes=minutes)

    @staticmethod
    def midnight(day: date) -> datetime:
        return calendar.start_of(day)

    def soon(self, at: datetime, minutes: int) -> datetime:
        """So many minutes later, within one event, and never after the year."""
        return min(at + timedelta(minutes=minutes), self.end)

    def days(self) -> list[date]:
        """Every day of the played year."""
        first, last = timezone.localdate(self.begin), timezone.localdate(self.end)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def play(self) -> None:
        """Let everything happen in order, and say each month how far the year is. What the product refuses on its day
        does not happen, as in life: what was possible when it was planned may not be any more."""
        month = ""
        while self._events:
            moment, _order, event = heapq.heappop(self._events)
            if month != f"{timezone.localdate(moment):%Y-%m}":
                month = f"{timezone.localdate(moment):%Y-%m}"
                self.say(f"  {month}  {max(0, (moment - self.begin) / (self.end - self.begin)):4.0%}")
            try:
                event(moment)
            except Refused as refusal:
                self.say(f"  {timezone.localdate(moment)}: {refusal}")

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def cadre_of(self, talent: Talent) -> User:
        return self.cadres[self.township_of(talent).pk]

    def file_of(self, application: Application) -> Talent:
        """The applicant as the register gave it once, with township and account: files do not change in this year."""
        return self._files[application.applicant_id]

    def cadre_for(self, application: Application) -> User:
        return self.cadre_of(self.file_of(application))

    def applicant_or_counter(self, application: Application) -> Any:
        """Who enters it: the person, or the township for them."""
        talent = self.file_of(application)
        return talent.user or self.cadre_of(talent)

    @cached_property
    def _files(self) -> dict[int, Talent]:
        return {talent.pk: talent for talent in self.talents}

    def township_of(self, talent: Talent) -> Region:
        region: Any = talent.region
        return region if region.level == "township" else region.parent

    def some_talents(self, count: int) -> list[Talent]:
        """A sample of the register, without the person whom a visitor plays and those with plans of their own."""
        others = [talent for talent in self.talents[1:] if talent.pk not in self.kept]
        return self.rng.sample(others, min(count, len(others)))

    def office(self) -> User:
        return self.rng.choice(self.staff)
