from types import SimpleNamespace

import pytest

from talentmap.accounts.permissions import Role
from tests.factories.accounts import CountyFactory, TownshipFactory, user_with
from tests.factories.surveys import ResponseFactory, campaign_in
from tests.factories.surveys_responses import compiled, question, version_of

ASKED = compiled(
    question("age", "integer", role="age"),
    {
        "group": "work",
        "label": "工作",
        "items": [
            question("job", "select_one", list="jobs", role="occupation"),
            question("skills", "select_multiple", list="jobs"),
        ],
    },
    question("name", "text", personal=True),
    {
        "repeat": "member",
        "label": "家庭成员",
        "items": [question("years", "integer"), question("called", "text", personal=True)],
    },
    question("photo", "image"),
    question("spot", "geopoint"),
    question("agreed", "acknowledge"),
    lists={"jobs": ["farming", "trade"]},
)


@pytest.fixture
def office(db):
    """Two townships, an interviewer in the first, a reviewer, and a campaign in both."""
    county = CountyFactory()
    here, there = TownshipFactory(parent=county), TownshipFactory(parent=county)
    made = SimpleNamespace(
        here=here,
        there=there,
        cadre=user_with(Role.TOWNSHIP_CADRE, region=here),
        other_cadre=user_with(Role.TOWNSHIP_CADRE, region=there),
        staff=user_with(Role.OFFICE_STAFF, region=county),
        director=user_with(Role.OFFICE_DIRECTOR, region=county),
        campaign=campaign_in(here, there, version=version_of(ASKED)),
    )

    def response(**more):
        usual = {"campaign": made.campaign, "township": here, "interviewer": made.cadre, "answers": {"age": 40}}
        return ResponseFactory(**(usual | more))

    made.response = response
    return made
