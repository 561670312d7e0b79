"""Every permission of the platform and the roles that hold it: the one place to look."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    TALENT = "talent", _("Talent")
    TOWNSHIP_CADRE = "township_cadre", _("Township cadre")
    OFFICE_STAFF = "office_staff", _("Office staff")
    OFFICE_DIRECTOR = "office_director", _("Office director")
    COUNTY_LEADER = "county_leader", _("County leader")
    BANK_OFFICER = "bank_officer", _("Bank officer")
    GUARANTOR_OFFICER = "guarantor_officer", _("Guarantor's officer")
    MENTOR = "mentor", _("Mentor")
    HOSPITAL_CLERK = "hospital_clerk", _("Hospital clerk")
    SCHOOL_CLERK = "school_clerk", _("School clerk")
    TRAINING_ORGANISER = "training_organiser", _("Training organiser")
    COMPETITION_JUDGE = "competition_judge", _("Competition judge")
    ADMINISTRATOR = "administrator", _("System administrator")


PARTNERS = frozenset(
    {
        Role.BANK_OFFICER,
        Role.GUARANTOR_OFFICER,
        Role.MENTOR,
        Role.HOSPITAL_CLERK,
        Role.SCHOOL_CLERK,
        Role.TRAINING_ORGANISER,
        Role.COMPETITION_JUDGE,
    }
)
OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
STAFF = OFFICE | {Role.TOWNSHIP_CADRE, Role.ADMINISTRATOR}
SECOND_FACTOR_ROLES = STAFF | PARTNERS | {Role.COUNTY_LEADER}
# Where a role is held: staff and leaders in a region, partners in an organisation, talents in neither.
REGION_ROLES = STAFF | {Role.COUNTY_LEADER}
ORGANISATION_ROLES = PARTNERS
# The level of region that a role is held in; a village is nobody's.
ROLE_LEVEL: dict[str, str] = {
    Role.TOWNSHIP_CADRE: "township",
    **dict.fromkeys((*OFFICE, Role.COUNTY_LEADER, Role.ADMINISTRATOR), "county"),
}
# The kinds of organisation that a partner role is held in; mentors and judges come from any.
ROLE_ORGANISATION: dict[str, frozenset[str]] = {
    Role.BANK_OFFICER: frozenset({"bank"}),
    Role.GUARANTOR_OFFICER: frozenset({"guarantor"}),
    Role.HOSPITAL_CLERK: frozenset({"hospital"}),
    Role.SCHOOL_CLERK: frozenset({"school"}),
    Role.TRAINING_ORGANISER: frozenset({"training", "school"}),
}


class Permission(TextChoices):
    PUBLIC = "public", _("Anyone, without signing in")
    SIGNED_IN = "signed_in", _("Anyone signed in")

    APPLY = "apply", _("Apply for a service")
    OWN_FILE = "own_file", _("See and correct one's own file")

    VIEW_CASES = "view_cases", _("See applications")
    ENTER_FOR_PERSON = "enter_for_person", _("Enter an application for a person at the counter")
    ACCEPT_CASE = "accept_case", _("Accept, refuse or return an application")
    FIRST_REVIEW = "first_review", _("Township first review")
    OFFICE_REVIEW = "office_review", _("Office review")
    SECOND_REVIEW = "second_review", _("Second review")
    APPROVE = "approve", _("Approve or reject after the public notice")
    ANSWER_OBJECTION = "answer_objection", _("Answer an objection")
    REASSIGN = "reassign", _("Give a case to another handler")
    CALL_BACK = "call_back", _("Call back after a poor rating")
    EXPORT_CASES = "export_cases", _("Export applications")
    EDIT_CALENDAR = "edit_calendar", _("Edit the office calendar")

    VIEW_PEOPLE = "view_people", _("See talent files")
    EDIT_PEOPLE = "edit_people", _("Create and correct talent files")
    IMPORT_PEOPLE = "import_people", _("Import talent files")
    EXPORT_PEOPLE = "export_people", _("Export talent files")
    UNMASK = "unmask", _("Read sensitive data, with a reason")
    ANSWER_DATA_REQUEST = "answer_data_request", _("Answer requests to correct or delete data")
    VIEW_ORGANISATIONS = "view_organisations", _("See organisations")
    EDIT_ORGANISATIONS = "edit_organisations", _("Create and correct organisations")

    VIEW_TARIFFS = "view_tariffs", _("See tariffs")
    EDIT_TARIFFS = "edit_tariffs", _("Add a tariff version")
    VIEW_FUNDS = "view_funds", _("See funds and their ledger")
    MANAGE_FUNDS = "manage_funds", _("Set and top up a fund's budget")
    PREPARE_BATCH = "prepare_batch", _("Prepare a payment batch")
    RELEASE_BATCH = "release_batch", _("Release a payment batch")
    IMPORT_RETURN = "import_return", _("Import a bank's return file")

    VIEW_ENTITLEMENTS = "view_entitlements", _("See running subsidies")
    END_ENTITLEMENT = "end_entitlement", _("Report a departure or end a subsidy")
    REVOKE_ENTITLEMENT = "revoke_entitlement", _("Revoke a subsidy and recover payments")

    VIEW_MENTORING = "view_mentoring", _("See mentors, pairs and their logs")
    MANAGE_MENTORING = "manage_mentoring", _("Verify mentors, assign and assess pairs")
    MENTOR = "mentor", _("Accept talents and accompany them")
    EDIT_PATHWAYS = "edit_pathways", _("Maintain pathway templates")

    VIEW_LOANS = "view_loans", _("See loans")
    MANAGE_LOANS = "manage_loans", _("Watch over loans and compute interest subsidies")
    EDIT_LOAN_POLICY = "edit_loan_policy", _("Add a version of the loan policy")
    GUARANTEE = "guarantee", _("Decide on a guarantee")
    LEND = "lend", _("Decide on loans, and keep their contracts and repayments")

    VIEW_SURVEYS = "view_surveys", _("See questionnaires and survey campaigns")
    EDIT_QUESTIONNAIRES = "edit_questionnaires", _("Make and publish questionnaires")
    MANAGE_CAMPAIGNS = "manage_campaigns", _("Run survey campaigns")
    REOPEN_CAMPAIGN = "reopen_campaign", _("Open a closed survey campaign again")
    FILL_SURVEYS = "fill_surveys", _("Interview people and enter their answers")
    VIEW_RESPONSES = "view_responses", _("See single survey responses")
    REVIEW_RESPONSES = "review_responses", _("Approve, return or reject survey responses")
    READ_RESPONDENTS = "read_respondents", _("Read answers that name a person, with a reason")
    VIEW_RESULTS = "view_results", _("Read survey results")
    WEIGHT_RESULTS = "weight_results", _("Keep population margins and weight results")
    EXPORT_RESPONSES = "export_responses", _("Export survey responses")
    MANAGE_API = "manage_api", _("Make API tokens and webhooks")

    VIEW_DASHBOARDS = "view_dashboards", _("Read dashboards")
    EDIT_BOUNDARIES = "edit_boundaries", _("Upload the boundaries of townships")
    VIEW_AUDIT = "view_audit", _("Read the audit history")
    WATCH_DELIVERIES = "watch_deliveries", _("See messages that could not be sent, and try again")
    MANAGE_MEMBERS = "manage_members", _("Manage members")
    MANAGE_REGIONS = "manage_regions", _("Import and edit regions")


P = Permission

_TALENT = {P.APPLY, P.OWN_FILE}
_TOWNSHIP = {
    P.VIEW_CASES,
    P.ENTER_FOR_PERSON,
    P.ACCEPT_CASE,
    P.FIRST_REVIEW,
    P.VIEW_PEOPLE,
    P.EDIT_PEOPLE,
    P.UNMASK,
    P.VIEW_ORGANISATIONS,
    P.EDIT_ORGANISATIONS,
    P.VIEW_TARIFFS,
    P.VIEW_ENTITLEMENTS,
    P.END_ENTITLEMENT,
    P.VIEW_MENTORING,
    P.VIEW_LOANS,
    P.VIEW_SURVEYS,
    P.FILL_SURVEYS,
    P.VIEW_RESPONSES,
    P.VIEW_RESULTS,
    P.EXPORT_RESPONSES,
    P.VIEW_DASHBOARDS,
}
_OFFICE = {
    P.VIEW_CASES,
    P.ENTER_FOR_PERSON,
    P.ACCEPT_CASE,
    P.OFFICE_REVIEW,
    P.ANSWER_OBJECTION,
    P.CALL_BACK,
    P.EXPORT_CASES,
    P.EDIT_CALENDAR,
    P.VIEW_PEOPLE,
    P.EDIT_PEOPLE,
    P.IMPORT_PEOPLE,
    P.EXPORT_PEOPLE,
    P.UNMASK,
    P.ANSWER_DATA_REQUEST,
    P.VIEW_ORGANISATIONS,
    P.EDIT_ORGANISATIONS,
    P.VIEW_TARIFFS,
    P.VIEW_FUNDS,
    P.PREPARE_BATCH,
    P.IMPORT_RETURN,
    P.VIEW_ENTITLEMENTS,
    P.END_ENTITLEMENT,
    P.VIEW_MENTORING,
    P.MANAGE_MENTORING,
    P.EDIT_PATHWAYS,
    P.VIEW_LOANS,
    P.MANAGE_LOANS,
    P.EDIT_BOUNDARIES,
    P.VIEW_SURVEYS,
    P.EDIT_QUESTIONNAIRES,
    P.MANAGE_CAMPAIGNS,
    P.FILL_SURVEYS,
    P.VIEW_RESPONSES,
    P.REVIEW_RESPONSES,
    P.READ_RESPONDENTS,
    P.VIEW_RESULTS,
    P.WEIGHT_RESULTS,
    P.EXPORT_RESPONSES,
    P.VIEW_DASHBOARDS,
    P.MANAGE_MEMBERS,
}
_DIRECTOR = _OFFICE - {P.OFFICE_REVIEW, P.PREPARE_BATCH} | {
    P.SECOND_REVIEW,
    P.APPROVE,
    P.REASSIGN,
    P.EDIT_TARIFFS,
    P.EDIT_LOAN_POLICY,
    P.MANAGE_FUNDS,
    P.RELEASE_BATCH,
    P.REVOKE_ENTITLEMENT,
    P.VIEW_AUDIT,
    P.REOPEN_CAMPAIGN,
    P.MANAGE_API,
}
_LEADER = {P.VIEW_DASHBOARDS, P.VIEW_TARIFFS, P.VIEW_FUNDS, P.VIEW_RESULTS}
_PARTNER = {P.VIEW_CASES}
# What one kind of partner may do beyond seeing its own cases.
_OF_PARTNER: dict[str, set[Permission]] = {
    Role.BANK_OFFICER: {P.VIEW_LOANS, P.LEND},
    Role.GUARANTOR_OFFICER: {P.VIEW_LOANS, P.GUARANTEE},
    Role.MENTOR: {P.MENTOR},
}
_ADMINISTRATOR = {
    P.VIEW_DASHBOARDS,
    P.MANAGE_MEMBERS,
    P.MANAGE_REGIONS,
    P.EDIT_BOUNDARIES,
    P.EDIT_CALENDAR,
    P.VIEW_TARIFFS,
    P.WATCH_DELIVERIES,
}

GRANTS: dict[str, frozenset[str]] = {
    Role.TALENT: frozenset(_TALENT),
    Role.TOWNSHIP_CADRE: frozenset(_TOWNSHIP),
    Role.OFFICE_STAFF: frozenset(_OFFICE),
    Role.OFFICE_DIRECTOR: frozenset(_DIRECTOR),
    Role.COUNTY_LEADER: frozenset(_LEADER),
    **{partner: frozenset(_PARTNER | _OF_PARTNER.get(partner, set())) for partner in PARTNERS},
    Role.ADMINISTRATOR: frozenset(_ADMINISTRATOR),
}


def granted(roles: Iterable[str]) -> frozenset[str]:
    """The permissions that any of the roles holds."""
    return frozenset().union(*(GRANTS[role] for role in roles))


# Who may give and end which role, reset the password and lock the account of whom: inside the giver's own
# reach, never for oneself, and never a role above one's own.
MAY_GRANT: dict[str, frozenset[str]] = {
    Role.OFFICE_STAFF: PARTNERS | {Role.TOWNSHIP_CADRE, Role.TALENT},
    Role.OFFICE_DIRECTOR: PARTNERS | {Role.TOWNSHIP_CADRE, Role.TALENT, Role.OFFICE_STAFF},
    Role.ADMINISTRATOR: frozenset(Role),
}

# The admin site's reference data by model name and who edits it; what is not named here is the administrator's.
ADMIN_SITE_MODELS: dict[str, Permission] = {
    "region": P.MANAGE_REGIONS,
    "calendarday": P.EDIT_CALENDAR,
    "calendaryear": P.EDIT_CALENDAR,
}
