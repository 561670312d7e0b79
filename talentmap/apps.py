from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentmapConfig(AppConfig):
    name = "talentmap"
    label = "talentmap"
    verbose_name = _("Talentmap")

    def ready(self) -> None:
        from talentmap import checks, figures  # noqa: F401
        from talentmap.casework import erasure  # noqa: F401
