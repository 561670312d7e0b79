from support.housing.tasks import *  # noqa: F403
