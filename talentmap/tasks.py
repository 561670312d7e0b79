"""Gathers the spine's tasks: Celery looks for them at app roots only."""

from talentmap.accounts.tasks import *  # noqa: F403
from talentmap.audit.tasks import *  # noqa: F403
from talentmap.casework.tasks import *  # noqa: F403
from talentmap.dashboards.tasks import *  # noqa: F403
from talentmap.notices.tasks import *  # noqa: F403
from talentmap.people.tasks import *  # noqa: F403
