"""What the API gives, as OpenAPI describes it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from needs.surveys.columns import AgeBand, ResponseState, Sex

Texts = dict[str, str]


class Reason(Schema):
    code: str = Field(description=gettext_noop("For machines: does not change."))
    text: str = Field(description=gettext_noop("For people, in Chinese."))


class Problem(Schema):
    reasons: list[Reason]


class CampaignOut(Schema):
    id: int
    title: str
    state: str = Field(description=gettext_noop("draft, open, paused or closed"))
    starts_on: date
    ends_on: date
    questionnaire: str
    version: int = Field(description=gettext_noop("Number of the version that is handed out at present."))


class CampaignPage(Schema):
    campaigns: list[CampaignOut]
    next: int | None = Field(
        description=gettext_noop("Give it as `after` for the next page; null: this was the last one.")
    )


class ChoiceOut(Schema):
    name: str
    label: Texts


class QuestionOut(Schema):
    id: str = Field(description=gettext_noop("Stable through all versions; the key of the question's answers."))
    type: str
    label: Texts = Field(description=gettext_noop("By language, in the newest version that asks it."))
    repeat: list[str] = Field(description=gettext_noop("The repeats around the question, the outermost first."))
    choices: list[ChoiceOut]


class QuestionList(Schema):
    languages: list[str]
    questions: list[QuestionOut]


class RowOut(Schema):
    value: str
    label: Texts
    n: int | None = Field(description=gettext_noop("null where it is hidden"))
    share: float | None
    low: float | None = Field(
        description=gettext_noop("Lower end of the share's 95% interval (model-based, of a quota sample).")
    )
    high: float | None
    position: float | None = Field(description=gettext_noop("Mean rank, for questions that put choices in order."))
    hidden: bool = Field(
        description=gettext_noop("Whether it would tell of fewer than five people, or lets such be computed.")
    )


class NumbersOut(Schema):
    mean: float
    low: float
    high: float
    deviation: float
    median: float | None


class ResultOut(Schema):
    question: str
    kind: str
    n: int | None
    n_eff: float | None = Field(description=gettext_noop("Effective sample size."))
    design_effect: float | None
    withheld: str = Field(
        description=gettext_noop('Why there are no rows: "none" answered, "few" did, "uncertain": n_eff under 30.')
    )
    numbers: NumbersOut | None
    rows: list[RowOut]


class ResultList(Schema):
    campaign: int
    weights: int | None = Field(description=gettext_noop("Number of the weighting run; null: unweighted."))
    results: list[ResultOut]


class ResultsAsked(Schema):
    """Whose answers are counted."""

    township: list[str] = Field(default=[], description=gettext_noop("Region codes"))
    age_band: list[AgeBand] = []
    sex: list[Sex] = []
    occupation: list[str] = []
    state: list[ResponseState] = Field(default=[], description=gettext_noop("Approved ones where none is named"))
    weights: int | None = Field(default=None, ge=1, lt=2**31, description=gettext_noop("Number of a weighting run"))


class ResponseOut(Schema):
    id: int = Field(description=gettext_noop("Key of paging."))
    uuid: UUID
    campaign: int
    version: int
    township: str = Field(description=gettext_noop("12-digit region code."))
    village: str | None
    channel: str = Field(description=gettext_noop("interview, self or desk"))
    language: str
    started_at: datetime
    finished_at: datetime
    received_at: datetime
    state: str = Field(description=gettext_noop("pending, approved, returned or rejected"))
    flags: list[str]
    revision: int
    answers: dict[str, Any] = Field(description=gettext_noop("By stable id; answers that name a person are left out."))


class ResponsePage(Schema):
    responses: list[ResponseOut]
    next: int | None = Field(
        description=gettext_noop("Give it as `after` for what follows; null: nothing more at present.")
    )
    last: int | None = Field(
        description=gettext_noop("Key of the last response given: keep it to ask `after` it later.")
    )
