"""Gathers the spine's models, so that Django finds them under the one label."""

from talentmap.accounts.models import *  # noqa: F403
from talentmap.accounts.records import *  # noqa: F403
from talentmap.audit.models import *  # noqa: F403
from talentmap.casework.models import *  # noqa: F403
from talentmap.dashboards.brief_models import *  # noqa: F403
from talentmap.demo.models import *  # noqa: F403
from talentmap.money.models import *  # noqa: F403
from talentmap.notices.models import *  # noqa: F403
from talentmap.people.models import *  # noqa: F403
from talentmap.regions.boundary_models import *  # noqa: F403
from talentmap.regions.models import *  # noqa: F403
