from needs.surveys.models import *  # noqa: F403
