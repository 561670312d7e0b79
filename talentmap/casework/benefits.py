"""What a person can get: every service evaluated at once, for pages and for roadmaps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from talentmap.casework import registry
from talentmap.casework.models import Application
from talentmap.casework.rules import Assessment
from talentmap.casework.scheme import Scheme
from talentmap.casework.states import OPEN_STATES
from talentmap.ui.errors import Refused


@dataclass(frozen=True)
class Benefit:
    """One service as it stands for one person. Without an assessment the office has set no amounts yet."""

    scheme: Scheme
    assessment: Assessment | None
    application: Application | None

    @property
    def rank(self) -> int:
        """What the person can get now comes first, what they cannot last."""
        if self.assessment is None:
            return 3
        return 0 if self.assessment.certain else 1 if self.assessment.eligible else 2


def benefits_of(talent: Any, at: datetime) -> list[Benefit]:
    """Every service evaluated for a person at once, the attainable ones first."""
    running = {a.scheme: a for a in talent.applications.filter(state__in=OPEN_STATES)}
    found = [
        Benefit(scheme, assessed(scheme, talent, at), running.get(scheme.code)) for scheme in registry.all_schemes()
    ]
    return sorted(found, key=lambda benefit: benefit.rank)


def assessed(scheme: Scheme, talent: Any, at: datetime) -> Assessment | None:
    try:
        return scheme.assess(talent, at=at)
    except Refused:
        return None
