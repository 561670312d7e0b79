"""What a person did, told by the capabilities that know it: each registers a kind of deed, none knows the others.

    deeds.register("loan", gettext_lazy("Loans"), loans_of)        # in loans' hooks

    def loans_of(talent, reader):
        for loan in Loan.objects.filter(talent=talent).visible_to(reader):
            yield Deed(key=f"loan:{loan.pk}", kind="loan", title=…, day=loan.contract_on, state=loan.state,
                       state_label=loan.get_state_display(), link=loan.get_absolute_url(), done=loan.is_repaid)

`reader` is None when a rule asks: then everything counts, whoever may see it. Two or three queries a kind, please.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from talentmap.casework.rules import Words


@dataclass(frozen=True)
class Deed:
    """One thing done. `key` names it for ever; `done` says that it counts where a milestone asks for its kind.

    `state` decides the look (`talentmap.ui.tones`), `state_label` is its word; `link` is "" where the reader may
    know of it without opening it.
    """

    key: str
    kind: str
    title: Words
    day: date | None = None
    state: str = ""
    state_label: Words = ""
    link: str = ""
    icon: str = "check2-circle"
    done: bool = False
    text: Words = ""


Provider = Callable[[Any, Any], Iterable[Deed]]


@dataclass(frozen=True)
class Kind:
    code: str
    label: Words
    provider: Provider = field(compare=False)


_kinds: dict[str, Kind] = {}


def register(code: str, label: Words, provider: Provider) -> None:
    """Make a kind of deed known. A second one of the same code by another provider is a mistake in the code base."""
    if code in _kinds and _kinds[code].provider is not provider:
        raise ValueError(f"deeds of kind {code} are registered twice")
    _kinds[code] = Kind(code, label, provider)


def forget(code: str) -> None:
    """For tests, which bring kinds of their own."""
    del _kinds[code]


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def label_of(code: str) -> str:
    """What a kind is called; its code once no capability offers it."""
    return str(_kinds[code].label) if code in _kinds else code


def of(talent: Any, reader: Any, *, only: str = "") -> list[Deed]:
    """What the person did, the latest first; what has no date comes last."""
    asked = (kind for kind in _kinds.values() if only in ("", kind.code))
    found = [deed for kind in asked for deed in kind.provider(talent, reader)]
    return sorted(found, key=lambda deed: (deed.day or date.min, deed.key), reverse=True)
