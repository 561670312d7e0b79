from growth.loans.tasks import *  # noqa: F403
from growth.mentoring.tasks import *  # noqa: F403
from growth.pathways.tasks import *  # noqa: F403
