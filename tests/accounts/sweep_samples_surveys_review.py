"""Samples for the URL sweep: responses of campaigns in two townships."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from needs.surveys.responses.models import Response, ResponseFile
from talentmap.accounts.permissions import Role
from tests.accounts.sweep import Sample, World, sample
from tests.factories.surveys import ResponseFactory, campaign_in

OFFICE = frozenset({Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR})
SURVEYED = OFFICE | {Role.TOWNSHIP_CADRE}


def responses(world: World) -> tuple[Response, Response]:
    """One campaign in both townships: the neighbour's response is no less hidden for that."""
    campaign = campaign_in(world.township, world.other_township)
    here, elsewhere = (
        ResponseFactory(campaign=campaign, township=township) for township in (world.township, world.other_township)
    )
    return here, elsewhere


@sample("surveys:response")
def response(world: World) -> Sample:
    here, elsewhere = responses(world)
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=SURVEYED)


@sample("surveys:response_review", "surveys:response_personal")
def reviewed(world: World) -> Sample:
    here, elsewhere = responses(world)
    return Sample(here={"pk": here.pk}, elsewhere={"pk": elsewhere.pk}, reached_by=OFFICE)


@sample("surveys:response_file")
def response_file(world: World) -> Sample:
    here, elsewhere = (_with_file(each) for each in responses(world))
    return Sample(here=here, elsewhere=elsewhere, reached_by=SURVEYED)


def _with_file(of: Response) -> dict[str, Any]:
    kept = ResponseFile.objects.create(
        uuid=of.uuid, response=of, campaign=of.campaign, file=SimpleUploadedFile("a.jpg", b"x"), name="a.jpg", size=1,
        content_type="image/jpeg", sha256="0" * 64, uploaded_at=timezone.now(),
    )  # fmt: skip
    return {"pk": of.pk, "file_pk": kept.pk}


@sample("surveys:response_list")
def responses_of_campaign(world: World) -> Sample:
    here, elsewhere = campaign_in(world.township), campaign_in(world.other_township)
    return Sample(here={"campaign_pk": here.pk}, elsewhere={"campaign_pk": elsewhere.pk}, reached_by=SURVEYED)


@sample("surveys:response_decide_many", "surveys:response_decided", "surveys:response_check_again")
def reviewed_campaign(world: World) -> Sample:
    here, elsewhere = campaign_in(world.township), campaign_in(world.other_township)
    return Sample(here={"campaign_pk": here.pk}, elsewhere={"campaign_pk": elsewhere.pk}, reached_by=OFFICE)
