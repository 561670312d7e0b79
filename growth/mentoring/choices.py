"""The closed lists of mentoring, in the words of the field."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MentorKind(TextChoices):
    CADRE = "cadre", _("Cadre")
    ENTREPRENEUR = "entrepreneur", _("Entrepreneur")


class MentoringKind(TextChoices):
    THEORY = "theory", _("Theory mentor")
    PRACTICE = "practice", _("Practice mentor")


class Skill(TextChoices):
    """What a mentor can teach and what a talent lacks: one list, so that the two can meet."""

    GROWING = "growing", _("Growing and breeding")
    PROCESSING = "processing", _("Processing and quality")
    PRODUCT = "product", _("Product design and brand")
    ECOMMERCE = "ecommerce", _("E-commerce and livestreaming")
    MARKETING = "marketing", _("Marketing and sales")
    TOURISM = "tourism", _("Tourism and hospitality")
    LOGISTICS = "logistics", _("Storage and logistics")
    FINANCE = "finance", _("Bookkeeping and taxes")
    FUNDING = "funding", _("Loans and investment")
    PEOPLE = "people", _("Staff and management")
    LAW = "law", _("Law and contracts")
    POLICY = "policy", _("Policies and project applications")
    DIGITAL = "digital", _("Digital tools")
    CRAFT = "craft", _("Technical craft")


class Language(TextChoices):
    MANDARIN = "mandarin", _("Mandarin")
    SICHUANESE = "sichuanese", _("Sichuan dialect")
    YI = "yi", _("Yi")
    MIAO = "miao", _("Miao")
    ENGLISH = "english", _("English")


class Format(TextChoices):
    ON_SITE = "on_site", _("On site")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")


class Grade(TextChoices):
    EXCELLENT = "excellent", pgettext_lazy("mentoring grade", "Excellent")
    QUALIFIED = "qualified", pgettext_lazy("mentoring grade", "Qualified")
    UNQUALIFIED = "unqualified", pgettext_lazy("mentoring grade", "Unqualified")


class Side(TextChoices):
    """Who speaks: of the two, and of the office that watches over them."""

    TALENT = "talent", _("Talent")
    MENTOR = "mentor", _("Mentor")
    OFFICE = "office", pgettext_lazy("side", "Office")
