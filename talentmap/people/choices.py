"""The closed lists of the talent register, in the words of the field."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class Education(TextChoices):
    JUNIOR_SECONDARY = "junior_secondary", _("Junior secondary or below")
    SENIOR_SECONDARY = "senior_secondary", _("Senior secondary")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


class Category(TextChoices):
    A = "A", _("A (national top talent)")
    B = "B", _("B (national leading talent)")
    C = "C", _("C (provincial leading talent)")
    D = "D", _("D (municipal leading talent)")
    E = "E", _("E (senior talent)")
    F = "F", _("F (local talent)")


class Team(TextChoices):
    PARTY_GOVERNMENT = "party_government", _("Party and government")
    MANAGEMENT = "management", _("Enterprise management")
    PROFESSIONAL = "professional", _("Professional and technical")
    SKILLED = "skilled", _("Highly skilled")
    RURAL = "rural", _("Practical rural")
    SOCIAL_WORK = "social_work", _("Social work")


class EnterpriseStage(TextChoices):
    IDEA = "idea", pgettext_lazy("enterprise stage", "Idea")
    STARTING = "starting", pgettext_lazy("enterprise stage", "Starting up")
    GROWING = "growing", pgettext_lazy("enterprise stage", "Growing")
    ESTABLISHED = "established", pgettext_lazy("enterprise stage", "Established")


class MaritalStatus(TextChoices):
    SINGLE = "single", _("Single")
    MARRIED = "married", _("Married")
    DIVORCED = "divorced", _("Divorced")
    WIDOWED = "widowed", _("Widowed")


class SkillLevel(TextChoices):
    APPRENTICE = "apprentice", _("Apprentice")
    JUNIOR = "junior", _("Junior worker (level five)")
    MIDDLE = "middle", _("Intermediate worker (level four)")
    SENIOR = "senior", _("Senior worker (level three)")
    TECHNICIAN = "technician", _("Technician (level two)")
    SENIOR_TECHNICIAN = "senior_technician", _("Senior technician (level one)")
    SPECIAL_TECHNICIAN = "special_technician", _("Special-grade technician")
    CHIEF_TECHNICIAN = "chief_technician", _("Chief technician")


class Relation(TextChoices):
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")


class OrganisationKind(TextChoices):
    ENTERPRISE = "enterprise", _("Enterprise")
    COOPERATIVE = "cooperative", _("Cooperative")
    COLLECTIVE = "collective", _("Village collective")
    BANK = "bank", _("Bank")
    GUARANTOR = "guarantor", _("Guarantor")
    HOSPITAL = "hospital", _("Hospital")
    SCHOOL = "school", _("School")
    TRAINING = "training", _("Training organisation")
    GOVERNMENT = "government", _("Government body")
    OTHER = "other", pgettext_lazy("organisation", "Other")


class Industry(TextChoices):
    TEA = "tea", _("Tea")
    SILK = "silk", _("Silk and mulberry")
    FOREST = "forest", _("Forest and bamboo")
    FRUIT = "fruit", _("Fruit")
    GRAIN = "grain", _("Brewing grain")
    LIVESTOCK = "livestock", _("Livestock")
    AQUACULTURE = "aquaculture", _("Aquaculture")
    FOOD = "food", _("Food processing")
    MANUFACTURING = "manufacturing", _("Manufacturing")
    COMMERCE = "commerce", _("E-commerce and trade")
    TOURISM = "tourism", _("Culture and tourism")
    CONSTRUCTION = "construction", _("Construction")
    FINANCE = "finance", _("Finance")
    HEALTH = "health", _("Health care")
    EDUCATION = "education", pgettext_lazy("industry", "Education")
    PUBLIC = "public", _("Public administration")
    OTHER = "other", pgettext_lazy("industry", "Other")


class Purpose(TextChoices):
    REGISTER = "register", _("Keeping a talent file")
    HOUSING = "housing", _("Housing subsidy")
    BANK_ACCOUNT = "bank_account", _("Bank account for payments")
    HEALTH = "health", _("Health record")
    CHILD = "child", _("A child's data")
    SHARING = "sharing", _("Sharing with partner organisations")


class RequestKind(TextChoices):
    CORRECT = "correct", _("Correction")
    DELETE = "delete", _("Deletion")


class RequestState(TextChoices):
    OPEN = "open", pgettext_lazy("data request", "Open")
    DONE = "done", pgettext_lazy("data request", "Done")
    REFUSED = "refused", pgettext_lazy("data request", "Refused")


class IdentityField(TextChoices):
    """What the office verified and the person can only have corrected on request."""

    NAME = "name", pgettext_lazy("person", "Name")
    ID_NUMBER = "id_number", _("ID number")
    SEX = "sex", _("Sex")
    BIRTH_DATE = "birth_date", _("Date of birth")
