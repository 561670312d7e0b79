"""From the public calculator to an application: what was calculated is not typed again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from talentmap.accounts.models import User
from talentmap.audit.action import action
from talentmap.casework import actions as casework
from talentmap.casework.models import Application
from talentmap.casework.states import State as CaseState
from talentmap.people.models import Talent

SCHEME, PAGE = "start_up_loan", "loan"


@action
def apply_as_calculated(*, by: User, at: datetime, talent: Talent, values: Mapping[str, Any]) -> Application:
    """Begin an application with the loan that was calculated, or put that loan into the draft that is open; what was
    sent already stays as it is. `values` are those of the form page of the loan."""
    application = casework.start_draft(by=by, at=at, scheme=SCHEME, talent=talent)
    if application.state == CaseState.DRAFT:
        casework.save_page(by=by, at=at, application=application, page=PAGE, values=values)
    return application
