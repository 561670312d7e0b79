"""The base of every form on a page: fieldsets, accessible errors, forgiving input, a once-token.

    class LeaseForm(PageModelForm):
        fieldsets = ((_("The flat"), ("address", "rent")), (_("The lease"), ("lease_from", "lease_until")))

Render it with `{% include "ui/components/form.html" %}`; the include takes `form`, and optionally `submit`
(label of the button), `cancel_url`, `danger` (the button undoes or destroys), `upload_hint`.
`form.cleaned_data` never holds the token; `form.once_token` is the idempotency key for an action that takes one.
"""

import unicodedata
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _Form = forms.BaseForm
else:
    _Form = object

FieldsetSpec = tuple[Any, tuple[str, ...]]
DASHES = "---------"
CHOOSE = _("Please choose")
_SPACES_AND_SIGNS = str.maketrans("", "", " \u3000\u00a0,¥￥元")


class SearchInput(forms.TextInput):
    """The box of a filter that is searched while one types."""

    input_type = "search"


class NumberText(forms.TextInput):
    """A number typed as people type it: with separators, a currency sign, full-width digits.

    Not `type="number"`: that one changes under the mouse wheel and sends nothing at all for "1,200".
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        if not isinstance(value, str):
            return value
        return unicodedata.normalize("NFKC", value).translate(_SPACES_AND_SIGNS)


class _PageFormMixin(_Form):
    fieldsets: ClassVar[tuple[FieldsetSpec, ...]] = ()
    autocomplete: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _suit(field)
            _say_choose(field)
            if name in self.autocomplete:
                field.widget.attrs.setdefault("autocomplete", self.autocomplete[name])

    @cached_property
    def once_token(self) -> str:
        """Made when the form is first shown, the same when it is sent again: two clicks, one token."""
        sent = self.data.get("once_token", "") if self.is_bound else ""
        return sent if _is_token(sent) else uuid.uuid4().hex

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.include_media = False
        helper.layout = self.layout()
        return helper

    def layout(self) -> Layout:
        """The fieldsets in order; fields that none of them names follow at the end."""
        named = {name for _legend, names in self.fieldsets for name in names}
        rest = [name for name in self.fields if name not in named]
        sets = [
            Fieldset(str(legend), *(n for n in names if n in self.fields))
            for legend, names in self.fieldsets
            if any(n in self.fields for n in names)
        ]
        return Layout(*sets, *rest)

    @property
    def explains_star(self) -> bool:
        """Where some fields must be filled in and others need not, the star has to be explained."""
        return len({field.required for field in self.fields.values() if not field.widget.is_hidden}) > 1

    @property
    def error_links(self) -> list[tuple[str, str, str]]:
        """(target id, label, message) of every error, for the summary on top of the form."""
        links = [("", "", str(message)) for message in self.non_field_errors()]
        for name in self.errors:
            if name in self.fields:
                bound = self[name]
                links += [(_first_id(bound), str(bound.label), str(message)) for message in bound.errors]
        return links


class PageForm(_PageFormMixin, forms.Form):
    """A form that is not a model's."""


class PageModelForm(_PageFormMixin, forms.ModelForm):
    """A form over a model's fields; saving is still the action's."""


def _suit(field: forms.Field) -> None:
    """Give a field the input a phone's keyboard and calendar know, where it has Django's plain one."""
    widget = field.widget
    if isinstance(field, forms.DateTimeField) and type(widget) is forms.DateTimeInput:
        field.widget = _copy(widget, forms.DateTimeInput(format="%Y-%m-%dT%H:%M"), type="datetime-local")
    elif isinstance(field, forms.DateField) and type(widget) is forms.DateInput:
        # With a last year of four digits the browser moves on to the month once four are typed.
        field.widget = _copy(widget, forms.DateInput(format="%Y-%m-%d"), type="date", max="9999-12-31")
    elif isinstance(field, forms.TimeField) and type(widget) is forms.TimeInput:
        field.widget = _copy(widget, forms.TimeInput(format="%H:%M"), type="time")
    elif isinstance(field, forms.DecimalField | forms.FloatField) and type(widget) is forms.NumberInput:
        field.widget = _copy(widget, NumberText(), inputmode="decimal", autocomplete="off")
    elif isinstance(field, forms.IntegerField) and type(widget) is forms.NumberInput:
        field.widget = _copy(widget, NumberText(), inputmode="numeric", autocomplete="off")
    elif isinstance(widget, forms.Textarea):
        widget.attrs["rows"] = min(int(widget.attrs.get("rows", 4)), 4) if type(widget) is forms.Textarea else 4


def _say_choose(field: forms.Field) -> None:
    """Say what to do where Django shows a row of dashes; radio buttons show nothing for it."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = CHOOSE
    elif isinstance(field, forms.ChoiceField) and type(field.widget) in (forms.Select, forms.RadioSelect):
        choices = list(field.widget.choices)
        if choices[:1] == [("", DASHES)]:
            first = [("", CHOOSE)] if type(field.widget) is forms.Select else []
            field.choices = [*first, *choices[1:]]


def _copy(
    old: forms.Widget, new: forms.TextInput | forms.DateInput | forms.DateTimeInput | forms.TimeInput, **attrs: str
) -> forms.Widget:
    kept = {key: value for key, value in old.attrs.items() if key not in ("type", "min", "max", "step")}
    new.attrs = {**attrs, **kept}
    if "type" in attrs:
        new.input_type = attrs["type"]
        new.attrs.pop("type")
    new.is_required = old.is_required
    new.is_localized = old.is_localized
    return new


def _first_id(bound: forms.BoundField) -> str:
    """The id of the first input: a group of radio buttons has none of its own."""
    return str(bound.id_for_label or (bound.subwidgets[0].id_for_label if bound.subwidgets else bound.auto_id))


def _is_token(text: str) -> bool:
    return len(text) == 32 and text.isalnum() and text.isascii()
