from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrowthConfig(AppConfig):
    name = "growth"
    verbose_name = _("Growth roadmap")

    def ready(self) -> None:
        from growth import figures, schemes  # noqa: F401
        from growth.loans import deeds, guards, takeout  # noqa: F401
        from growth.loans import hooks as loan_hooks  # noqa: F401
        from growth.loans import labels as loan_labels  # noqa: F401
        from growth.mentoring import hooks as mentoring_hooks  # noqa: F401
        from growth.mentoring import labels as mentoring_labels  # noqa: F401
        from growth.mentoring import takeout as mentoring_takeout  # noqa: F401
        from growth.pathways import hooks, labels  # noqa: F401
        from growth.pathways import takeout as pathway_takeout  # noqa: F401
