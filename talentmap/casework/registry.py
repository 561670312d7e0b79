"""The services that the platform offers: every app registers its schemes when it is ready."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talentmap.casework.scheme import Scheme

_schemes: dict[str, "Scheme"] = {}


class UnknownScheme(LookupError):
    """An application names a service that no installed app registers."""


def register(scheme: "Scheme") -> "Scheme":
    """Make a service known. A second one of the same code is a mistake in the code base."""
    if scheme.code in _schemes and type(_schemes[scheme.code]) is not type(scheme):
        raise ValueError(f"scheme {scheme.code} is registered twice")
    _schemes[scheme.code] = scheme
    return scheme


def get(code: str) -> "Scheme":
    """The scheme of this code; raises UnknownScheme."""
    try:
        return _schemes[code]
    except KeyError:
        raise UnknownScheme(code) from None


def all_schemes() -> tuple["Scheme", ...]:
    """Every service, in the order in which the apps registered them."""
    return tuple(_schemes.values())


def title_of(code: str) -> str:
    """What a service is called; its code once no app offers it."""
    return str(_schemes[code].title) if code in _schemes else code


def document_of(kind: str) -> str:
    """What a kind of document is called by the service that asks for it."""
    labels = (scheme.document_labels.get(kind) for scheme in _schemes.values())
    return str(next((label for label in labels if label), kind))


all = all_schemes
