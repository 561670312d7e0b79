"""The closed lists of growth paths, and in which order the standings of one kind of talent follow each other."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.people.choices import EnterpriseStage, SkillLevel


class Audience(TextChoices):
    """For whom a pathway is; decides by what a person's standing on it is told."""

    FOUNDER = "founder", _("Returnee founder")
    SKILLED = "skilled", _("Skilled worker")
    RURAL = "rural", _("Practical rural talent")
    EVERYONE = "everyone", pgettext_lazy("pathway", "All talents")


class RuralLevel(TextChoices):
    JUNIOR = "junior", pgettext_lazy("rural talent", "Junior")
    MIDDLE = "middle", pgettext_lazy("rural talent", "Middle")
    SENIOR = "senior", pgettext_lazy("rural talent", "Senior")


STANDINGS: dict[str, type[TextChoices]] = {
    Audience.FOUNDER: EnterpriseStage,
    Audience.SKILLED: SkillLevel,
    Audience.RURAL: RuralLevel,
}


class Confirmation(TextChoices):
    """Whose word a tick needs before it counts."""

    NOBODY = "", _("Nobody: the tick counts at once")
    MENTOR = "mentor", _("The mentor")
    OFFICE = "office", _("The office")
    EITHER = "either", _("The mentor or the office")


class Record(TextChoices):
    """What on record meets a milestone without anybody's tick."""

    NONE = "", _("Nothing: somebody ticks it")
    APPLICATION = "application", _("An approved application for a service")
    DEED = "deed", _("Something done, such as a completed mentoring pair")
    SKILL = "skill", _("A certificate of at least a level")
    ENTERPRISE = "enterprise", _("An enterprise of at least a stage")
    RURAL = "rural", _("A level as practical rural talent")
    CATEGORY = "category", _("A talent category in force")
    OWN_ENTERPRISE = "own_enterprise", _("An enterprise of one's own in the register")
    FILE = "file", _("A complete talent file")


RECORDS_WITH_VALUE = (Record.APPLICATION, Record.DEED, Record.SKILL, Record.ENTERPRISE, Record.RURAL)


class Part(TextChoices):
    """As whom somebody ticks, confirms or sends back."""

    TALENT = "talent", pgettext_lazy("roadmap", "Talent")
    MENTOR = "mentor", pgettext_lazy("roadmap", "Mentor")
    OFFICE = "office", pgettext_lazy("roadmap", "Office")
    RECORD = "record", pgettext_lazy("roadmap", "From the record")


class Answer(TextChoices):
    CONFIRMED = "confirmed", pgettext_lazy("tick", "Confirmed")
    SENT_BACK = "sent_back", pgettext_lazy("tick", "Sent back")
    WITHDRAWN = "withdrawn", pgettext_lazy("tick", "Withdrawn")


OVER = (Answer.SENT_BACK, Answer.WITHDRAWN)


class Move(TextChoices):
    STARTED = "started", pgettext_lazy("roadmap", "Started")
    REACHED = "reached", pgettext_lazy("roadmap", "Stage reached")
    SET = "set", pgettext_lazy("roadmap", "Stage set by the office")
    VERSION = "version", pgettext_lazy("roadmap", "Moved to a newer version")
    FINISHED = "finished", pgettext_lazy("roadmap", "Pathway completed")
    ENDED = "ended", pgettext_lazy("roadmap", "Ended")


class JourneyState(TextChoices):
    ACTIVE = "active", pgettext_lazy("roadmap", "On the way")
    FINISHED = "finished", pgettext_lazy("roadmap", "Completed")
    ENDED = "ended", pgettext_lazy("roadmap", "Ended")
