from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentmapConfig(AppConfig):
    name = "talentmap"
    label = "talentmap"
    verbose_name = _("Talentmap")

    def ready(self) -> None:
        from talentmap import checks, figures  # noqa: F401
        from talentmap.audit import takeout as _readings  # noqa: F401
        from talentmap.casework import erasure, takeout  # noqa: F401
        from talentmap.money import takeout as _payments  # noqa: F401
        from talentmap.notices import takeout as _notices  # noqa: F401
