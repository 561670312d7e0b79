from support.housing.models import *  # noqa: F403
