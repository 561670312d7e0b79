"""Samples for the URL sweep: accounts, regions, people, notices, dashboards, money; cases have their own file."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from talentmap.accounts.permissions import Role
from talentmap.money.models import ReturnFile
from talentmap.people.actions import preview_import
from talentmap.people.records import DataRequest
from tests.accounts.sweep import Sample, World, sample
from tests.factories import casework, money, notices
from tests.factories.accounts import TownshipFactory, user_with
from tests.factories.people import AT, FamilyMemberFactory, SkillFactory

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})


def _pk(made: Any) -> int:
    return int(made.pk)


# accounts, regions ---------------------------------------------------------------------------------------


@sample("member", "member_edit", "role_give", "member_password", "member_factor", "member_let_in", "member_mobile")
def member(world: World) -> Sample:
    """Whoever manages members here does so in the whole county: nobody is elsewhere for them."""
    cadre = user_with(Role.TOWNSHIP_CADRE, region=world.township)
    return Sample(here={"user_pk": cadre.pk}, reached_by=OFFICE | ADMINISTRATOR)


@sample("role_end")
def held_role(world: World) -> Sample:
    user, other = (user_with(Role.TOWNSHIP_CADRE, region=world.township) for _each in range(2))
    return Sample(
        here={"user_pk": user.pk, "membership_pk": user.memberships.get().pk},
        elsewhere={"user_pk": user.pk, "membership_pk": other.memberships.get().pk},
        reached_by=OFFICE | ADMINISTRATOR,
        private=True,
    )


@sample("member_for_talent")
def talent_without_account(world: World) -> Sample:
    """The administrator manages accounts, but sees nobody's file."""
    return Sample(here={"talent_pk": world.talent_here.pk}, reached_by=OFFICE)


@sample("regions:edit")
def region(world: World) -> Sample:
    return Sample(here={"region_pk": _pk(TownshipFactory())}, reached_by=ADMINISTRATOR)


# people --------------------------------------------------------------------------------------------------


def of_talent(world: World, **more: Any) -> Sample:
    here, elsewhere = world.talent_here.pk, world.talent_elsewhere.pk
    return Sample(here={"talent_pk": here, **more}, elsewhere={"talent_pk": elsewhere, **more})


@sample(
    "people:talent_detail",
    "people:talent_edit",
    "people:talent_verify",
    "people:talent_link_account",
    "people:talent_clear_number",
    "people:unmask",
    "people:skill_new",
    "people:family_new",
)
def talent(world: World) -> Sample:
    return of_talent(world)


@sample("people:section")
def section(world: World) -> Sample:
    return of_talent(world, section="contact")


@sample("people:consent")
def consent(world: World) -> Sample:
    return of_talent(world, purpose="housing")


@sample("people:skill_remove")
def skill(world: World) -> Sample:
    return _part(world, SkillFactory, "skill_pk")


@sample("people:family_remove")
def family_member(world: World) -> Sample:
    return _part(world, FamilyMemberFactory, "member_pk")


def _part(world: World, factory: Any, argument: str) -> Sample:
    """Another person's part is not found under one's own file either."""
    here = {"talent_pk": world.talent_here.pk, argument: factory(talent=world.talent_here).pk}
    return Sample(here=here, elsewhere={**here, argument: factory(talent=world.talent_elsewhere).pk}, private=True)


@sample("people:my_download")
def my_download(world: World) -> Sample:
    return Sample(here={"form": "json"}, reached_by=frozenset({Role.TALENT}))


@sample("people:organisation_detail", "people:organisation_edit")
def organisation(world: World) -> Sample:
    here, elsewhere = world.organisation.pk, world.other_organisation.pk
    return Sample(here={"organisation_pk": here}, elsewhere={"organisation_pk": elsewhere})


@sample("people:data_request")
def data_request(world: World) -> Sample:
    asked = DataRequest.objects.create(
        talent=world.talent_here, kind="delete", asked_at=AT, asked_by=world.people[Role.TALENT]
    )
    return Sample(here={"request_pk": asked.pk}, reached_by=OFFICE)


@sample("people:import_preview", "people:import_faults", "people:import_confirm", "people:import_discard")
def import_preview(world: World) -> Sample:
    def uploaded_by(person: Any) -> dict[str, int]:
        upload = SimpleUploadedFile("people.csv", "姓名\n张三\n".encode())
        return {"preview_pk": preview_import(by=person, at=timezone.now(), upload=upload).pk}

    stranger = user_with(Role.OFFICE_STAFF)
    return Sample(
        here=uploaded_by(world.people[Role.OFFICE_STAFF]),
        here_for={Role.OFFICE_DIRECTOR: uploaded_by(world.people[Role.OFFICE_DIRECTOR])},
        elsewhere=uploaded_by(stranger),
        reached_by=frozenset({Role.OFFICE_STAFF}),
        private=True,
    )


# notices, dashboards -------------------------------------------------------------------------------------


@sample("notices:open")
def notice(world: World) -> Sample:
    own = {role: {"pk": _pk(notices.NoticeFactory(recipient=person))} for role, person in world.people.items()}
    strangers = {"pk": _pk(notices.NoticeFactory())}
    return Sample(here=own[Role.TALENT], here_for=own, elsewhere=strangers, private=True)


@sample("notices:try_again")
def delivery(world: World) -> Sample:
    return Sample(here={"pk": _pk(notices.DeliveryFactory(state="failed"))}, reached_by=ADMINISTRATOR)


@sample("dashboards:export_page")
def dashboard(world: World) -> Sample:
    return Sample(here={"page": "support"})


@sample("dashboards:figure", "dashboards:export_figure")
def figure(world: World) -> Sample:
    return Sample(here={"code": "people.total"})


# money ---------------------------------------------------------------------------------------------------


@sample(
    "money:fund_detail",
    "money:ledger_export",
    "money:commitment_list",
    "money:commitment_export",
    "money:top_up",
    "money:carry_over",
)
def fund(world: World) -> Sample:
    return Sample(here={"pk": money.fund().pk})


@sample("money:tariff_detail", "money:tariff_add")
def tariff(world: World) -> Sample:
    casework.rules_in_force()
    return Sample(here={"code": "casework.deadlines"})


@sample("money:payable_detail", "money:payable_correct", "money:payable_from_file")
def payable(world: World) -> Sample:
    return Sample(here={"pk": money.payable(money.fund()).pk})


@sample("money:batch_detail", "money:batch_release", "money:batch_cancel")
def batch(world: World) -> Sample:
    return Sample(here={"pk": money.prepared(1).pk})


@sample("money:batch_export", "money:return_import", "demo:return_file")
def released_batch(world: World) -> Sample:
    return Sample(here={"pk": money.released(1).pk})


@sample("money:line_answer")
def payment(world: World) -> Sample:
    return Sample(here={"pk": money.released(1).lines.get().pk})


@sample("money:return_detail")
def return_file(world: World) -> Sample:
    released = money.released(1)
    file = ReturnFile.objects.create(
        batch=released, sha256="0" * 64, name="r.csv", imported_by=world.people[Role.OFFICE_STAFF], imported_at=AT
    )
    return Sample(here={"pk": file.pk})


@sample("money:recovery_detail", "money:recovery_receive", "money:recovery_write_off")
def recovery(world: World) -> Sample:
    return Sample(here={"pk": money.recovery().pk})
