"""What decides the amount of a housing subsidy: the highest degree, or the talent category."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Grade(TextChoices):
    CATEGORY_A = "category_a", _("Category A")
    CATEGORY_B = "category_b", _("Category B")
    CATEGORY_C = "category_c", _("Category C")
    CATEGORY_D = "category_d", _("Category D")
    CATEGORY_E = "category_e", _("Category E")
    CATEGORY_F = "category_f", _("Category F")
    DOCTOR = "doctor", _("Doctor")
    MASTER = "master", _("Master")
    BACHELOR = "bachelor", _("Bachelor")
