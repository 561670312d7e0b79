from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "support"
    verbose_name = _("Support panorama")

    def ready(self) -> None:
        from support import figures, schemes  # noqa: F401
        from support.housing import hooks, labels, takeout  # noqa: F401
