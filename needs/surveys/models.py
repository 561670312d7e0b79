"""Gathers the models of all parts of surveys."""

from needs.surveys.api.models import *  # noqa: F403
from needs.surveys.campaigns.models import *  # noqa: F403
from needs.surveys.exports.models import *  # noqa: F403
from needs.surveys.questionnaires.models import *  # noqa: F403
from needs.surveys.responses.models import *  # noqa: F403
from needs.surveys.results.models import *  # noqa: F403
from needs.surveys.tallies.models import *  # noqa: F403
