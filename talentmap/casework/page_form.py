"""The base of the forms in which an applicant describes their case: one form a page, over the detail row."""

from dataclasses import dataclass
from typing import Any

from talentmap.ui.forms import PageModelForm


@dataclass(frozen=True)
class FormContext:
    """What a page may know of the person: `facts` is the scheme's own dataclass."""

    talent: Any
    application: Any
    facts: Any


class SchemePageForm(PageModelForm):
    """`Meta.model` is the scheme's detail model. A draft saves what is valid, so `clean_<field>` and `clean` must bear
    missing values; what is required is checked when the application is submitted."""

    def __init__(self, *args: Any, context: FormContext, **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)
