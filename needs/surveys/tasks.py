"""Gathers the tasks of all parts of surveys."""

from needs.surveys.api.tasks import *  # noqa: F403
from needs.surveys.campaigns.tasks import *  # noqa: F403
from needs.surveys.exports.tasks import *  # noqa: F403
from needs.surveys.responses.tasks import *  # noqa: F403
from needs.surveys.tallies.tasks import *  # noqa: F403
