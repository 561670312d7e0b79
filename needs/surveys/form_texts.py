"""What the form in the browser says, handed over as JSON by the page that shows it (the builder's preview too)."""

from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from needs.surveys.engine import client_messages
from talentmap.ui.icons import drawings

ICONS = (
    "arrow-down",
    "arrow-left",
    "arrow-repeat",
    "arrow-right",
    "arrow-up",
    "box-arrow-in-right",
    "camera",
    "check-circle-fill",
    "check-lg",
    "clock",
    "download",
    "exclamation-triangle-fill",
    "geo-alt",
    "grip-vertical",
    "keyboard",
    "list-ol",
    "paperclip",
    "pencil",
    "phone",
    "plus-lg",
    "send",
    "trash",
    "upload",
    "x-circle-fill",
    "x-lg",
)


def texts() -> dict[str, Any]:
    """All of them in the language of the moment; `{name}` stands for a value. `messages` are the engine's."""
    return {**_form(), **_work(), **_problems(), **_alone(), "messages": client_messages()}


def _form() -> dict[str, str]:
    return {
        "back": pgettext("form", "Back"),
        "next": pgettext("form", "Next"),
        "finish": _("Finish"),
        "contents": _("Contents"),
        "page_of": _("Page {page} of {pages}"),
        "required": _("required"),
        "more": _("More about this question"),
        "choose": _("Please choose"),
        "search": _("Search"),
        "nothing_found": _("Nothing found"),
        "language": _("Language of the questionnaire"),
        "add": _("Add another"),
        "add_first": _("Add"),
        "remove": pgettext("form", "Remove"),
        "remove_sure": _("Remove {name} with all answers in it?"),
        "yes_remove": _("Yes, remove"),
        "cancel": _("Cancel"),
        "up": _("{name}: move up"),
        "down": _("{name}: move down"),
        "rank_hint": _("Most important first. Drag, or use the arrows."),
        "rank_keep": _("This order is right"),
        "acknowledge": _("I have read this"),
        "position": _("Take my position"),
        "position_again": _("Take it again"),
        "position_waiting": _("Looking for the position…"),
        "position_failed": _("No position found. Try in the open, or type it."),
        "position_within": _("accurate to {metres} m"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "by_hand": _("Type the position"),
        "picture": _("Take or choose a picture"),
        "file": _("Choose a file"),
        "clear": _("Clear the answer"),
        "not_answered": _("not answered yet"),
        "chosen": _("{count} chosen"),
        "matrix_hint": _("Swipe for more columns"),
        "mistakes_here": _("Please look at {count} questions on this page."),
        "has_mistakes": _("has mistakes"),
        "is_done": pgettext("page of a form", "complete"),
        "is_open": pgettext("page of a form", "open"),
        "loose": _("Questions"),
        "saved": _("Saved on this device"),
        "not_saved": _("Not saved: {reason}"),
        "large_text": _("Large text"),
        "normal_text": _("Normal text"),
    }


def _problems() -> dict[str, str]:
    return {
        "bad_integer": _("Enter a whole number."),
        "bad_decimal": _("Enter a number."),
        "bad_position": _("Latitude lies between -90 and 90, longitude between -180 and 180."),
        "bad_picture": _("This picture cannot be opened."),
        "bad_kind": _("This question does not take files of this kind."),
        "too_large": _("The file is too large."),
        "no_room": _("There is no room left on this device. Send what is waiting, or free some space."),
        "no_store": _("This browser keeps nothing (a private window?). Use another one: answers would be lost."),
        "other_tab": _("This response is open in another window."),
        "no_version": _("The questionnaire is not on this device yet. Open it once with a network."),
        "no_campaign": _("This campaign is not on this device. Open it once with a network."),
        "missing": _("This question must be answered."),
        "wrong": _("This answer is not possible."),
    }


def _work() -> dict[str, str]:
    return {
        "home": _("Fill in surveys"),
        "start": _("New interview"),
        "start_desk": _("Enter a paper answer"),
        "next_desk": _("Enter the next one"),
        "next_interview": _("Next interview"),
        "to_home": _("To the overview"),
        "no_campaigns": _("No survey to fill in"),
        "no_campaigns_hint": _("A campaign appears here when it is in the field and you take part in it."),
        "paused": pgettext("campaign", "Paused"),
        "paused_hint": _("What is finished stays on this device and is sent when the survey goes on."),
        "until": _("until {day}"),
        "where": _("Where are you asking?"),
        "township": _("Township"),
        "village": _("Village or neighbourhood"),
        "whole_township": _("not in a particular village"),
        "begin": _("Begin"),
        "on_device": _("On this device"),
        "on_device_none": _("Nothing is waiting on this device."),
        "receipts": _("Sent from this device"),
        "returned": pgettext("interviewer's responses", "Returned for correction"),
        "correct": _("Correct"),
        "state_draft": pgettext("response on a device", "Draft"),
        "state_ready": pgettext("response on a device", "Waiting to be sent"),
        "state_sending": pgettext("response on a device", "Sending"),
        "state_accepted": pgettext("response on a device", "Accepted"),
        "state_refused": pgettext("response on a device", "Refused: please correct"),
        "state_conflict": pgettext("response on a device", "Not taken"),
        "continue": pgettext("response on a device", "Continue"),
        "review": pgettext("response on a device", "Look through"),
        "send": _("Send now"),
        "sending": _("Sending {number} of {count}…"),
        "sent": _("{count} sent."),
        "discard": _("Discard draft"),
        "discard_sure": _("Discard this draft? Its answers exist only on this device."),
        "yes_discard": _("Yes, discard"),
        "export": _("Export the queue to a file"),
        "import": _("Enter an exported file"),
        "finished": _("Finished"),
        "finished_text": _("The response is kept on this device and is sent as soon as there is a network."),
        "finished_sent": _("The response was sent and accepted."),
        "online": _("Network"),
        "offline": _("No network: everything is kept on this device."),
        "unsent": _("{count} responses are not sent yet."),
        "all_sent": _("Everything is sent."),
        "retry_in": _("The server does not answer. Next attempt in {seconds} seconds."),
        "sign_in": _("Sign in"),
        "signed_out": _("You are signed out. What you fill in stays on this device; sign in to send it."),
        "signed_out_empty": _("Sign in to fill in surveys on this device."),
        "not_allowed": _("Your account does not fill in surveys."),
        "storage_asked": _("This browser may delete what is kept when space gets short. Send often."),
        "updated": _("As of {time}"),
        "working": _("Loading…"),
        "answered_at": _("finished {time}"),
        "begun_at": _("begun {time}"),
        "other_user": _("Another person is signed in now. Reload this page."),
    }


def _alone() -> dict[str, str]:
    return {
        "consent": _("Your answers are used by the county to plan what it offers. Taking part is voluntary."),
        "agree": _("I agree that my answers are used in this way"),
        "mobile": _("Mobile number"),
        "send_code": _("Send me a code"),
        "code": _("Code from the text message"),
        "confirm": _("Confirm"),
        "confirmed": _("The number is confirmed."),
        "demo_code": _("Demo: the code is {code}."),
        "invitation": _("Invitation code"),
        "invitation_hint": _("It stands in the letter or message that invited you."),
        "thanks": _("Thank you"),
        "thanks_text": _("Your answers have arrived."),
        "thanks_later": _(
            "Your answers are kept on this device and are sent as soon as there is a network. "
            "Keep this page open or come back to it."
        ),
        "closed": _("This survey takes no answers at present."),
        "send_answers": _("Send answers"),
        "not_yet_sent": _("Not sent yet"),
        "try_again": _("Try again"),
        "need_consent": _("Please agree first, or leave the page."),
        "need_place": _("Please choose where you live."),
        "need_mobile": _("Confirm your mobile number first."),
        "need_invitation": _("Enter the code of your invitation."),
        "live_in": _("Where do you live?"),
    }


@lru_cache(maxsize=1)
def icon_sheet() -> SafeString:
    """The icons that the form draws, to be put into a hidden `<svg>` of its page."""
    drawn = (f'<symbol id="icon-{name}" viewBox="0 0 16 16">{drawings()[name]}</symbol>' for name in ICONS)
    return mark_safe("".join(drawn))  # noqa: S308 - drawings of the package, never input
