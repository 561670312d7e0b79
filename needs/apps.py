from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "needs"
    verbose_name = _("Needs map")

    def ready(self) -> None:
        from needs.surveys import figures  # noqa: F401
        from needs.surveys.api import hooks
        from needs.surveys.api import labels as api_labels  # noqa: F401
        from needs.surveys.campaigns import labels as campaign_labels  # noqa: F401
        from needs.surveys.exports import labels as export_labels  # noqa: F401
        from needs.surveys.questionnaires import labels as questionnaire_labels  # noqa: F401
        from needs.surveys.responses import labels as response_labels  # noqa: F401
        from needs.surveys.results import labels as result_labels  # noqa: F401

        hooks.connect()

        hooks.connect()
        from needs.surveys.filling import labels as filling_labels  # noqa: F401
