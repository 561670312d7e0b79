"""Correcting what was returned: item by item, each with the field or document that it is about."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.permissions import Permission as P
from talentmap.casework import actions, documents
from talentmap.casework.filling import DocumentRow, Filling
from talentmap.casework.forms import ReplyForm
from talentmap.casework.models import ReturnItem
from talentmap.casework.page_form import SchemePageForm
from talentmap.casework.scheme import FormPage
from talentmap.casework.states import State
from talentmap.casework.steps import CHECK, step_url
from talentmap.casework.views.common import attempt, frame_of, own_application, try_action
from talentmap.ui.numbers import number_from


@dataclass(frozen=True)
class ItemCard:
    """One item: what is missing, and where it is put right."""

    item: ReturnItem
    label: Any
    form: SchemePageForm | None = None
    reply: ReplyForm | None = None
    document: DocumentRow | None = None

    @property
    def field(self) -> Any:
        return self.form[self.item.field_or_document] if self.form else None

    @property
    def reply_input(self) -> Any:
        return self.reply["reply"].as_widget(attrs={"class": "form-control"}) if self.reply else ""


@requires(P.APPLY, P.ENTER_FOR_PERSON)
@require_http_methods(["GET", "POST"])
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    if found.state != State.RETURNED:
        return redirect("casework:application", pk)
    filling = Filling(found, timezone.now())
    answered: ItemCard | None = None
    if request.method == "POST":
        item = get_object_or_404(
            ReturnItem, application=found, round=found.round, pk=number_from(request.POST.get("item"))
        )
        answered = _card(filling, item, request.POST)
        if _answer(request, filling, answered):
            return redirect(f"{reverse('casework:correct', args=[pk])}#item-{item.pk}")
    cards = [answered if answered and answered.item == i else _card(filling, i) for i in filling.items]
    done = sum(card.item.answered for card in cards)
    context = {
        "application": found,
        "scheme": filling.scheme,
        "cards": cards,
        "done": done,
        "percent": round(100 * done / len(cards)) if cards else 100,
        "check_url": step_url(found, CHECK),
        "first_page_url": step_url(found, filling.scheme.page_codes[0]),
        "limits": documents.limits(),
        "accept": documents.ACCEPT,
        "layout": frame_of(request, found),
    }
    return render(request, "casework/correct.html", context)


def _card(filling: Filling, item: ReturnItem, data: Any = None) -> ItemCard:
    code = item.field_or_document
    label = filling.scheme.label_of(code)
    row = next((row for row in filling.document_rows() if row.rule.code == code), None)
    if row:
        return ItemCard(item, label, document=row)
    page = _page_of(filling, code)
    reply = ReplyForm(data, prefix=f"item{item.pk}", initial={"reply": item.reply})
    reply.fields["reply"].required = False
    return ItemCard(item, label, form=_one_field(filling, page, code, data) if page else None, reply=reply)


def _page_of(filling: Filling, code: str) -> FormPage | None:
    return next((p for p in filling.scheme.form_pages if code in p.form_class.base_fields), None)


def _one_field(filling: Filling, page: FormPage, code: str, data: Any) -> SchemePageForm:
    """The page's form of which only one field may change; the others keep their stored values."""
    form = filling.form(page, data)
    for name, field in form.fields.items():
        field.disabled = name != code
    return form


def _answer(request: SignedInRequest, filling: Filling, card: ItemCard) -> bool:
    """Keep the new value and the words; one of both must be there."""
    if card.reply is None or not card.reply.is_valid():
        return False
    if card.form is not None and not _keep_field(request, filling, card, card.form):
        return False
    reply = card.reply.cleaned_data["reply"]
    card.item.refresh_from_db()
    if reply or not card.item.answered:
        done, _item = try_action(card.reply, request, actions.answer_item, item=card.item, reply=reply)
        return done
    messages.success(request, _("“%(item)s” is corrected.") % {"item": card.label})
    return True


def _keep_field(request: SignedInRequest, filling: Filling, card: ItemCard, form: SchemePageForm) -> bool:
    code = card.item.field_or_document
    form.is_valid()
    if code in form.errors or code not in form.cleaned_data:
        return False
    page = _page_of(filling, code)
    values = {code: form.cleaned_data[code]}
    return attempt(
        request, actions.save_page, application=filling.application, page=page.code if page else "", values=values
    )[0]
