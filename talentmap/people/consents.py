"""What a person is told before agreeing, purpose by purpose; the words shown are stored with the consent."""

from django.utils.translation import gettext_lazy as _

from talentmap.people.choices import Purpose

WORDINGS = {
    Purpose.REGISTER: _(
        "I agree that the county talent-service office keeps my name, ID number, contact, education and"
        " work in the talent file, to tell me which services I qualify for and to handle my applications."
        " The ID number is encrypted and masked; whoever reads it is recorded. I can see, download and"
        " correct my file at any time and ask to have it deleted."
    ),
    Purpose.HOUSING: _(
        "I agree that the office checks my home ownership, lease and employment with the authorities"
        " concerned in order to decide on my housing subsidy, and publishes my masked name during the public"
        " notice."
    ),
    Purpose.BANK_ACCOUNT: _(
        "I agree that the office stores my bank account, encrypted, and gives it to the paying bank for"
        " payments to me only. When I withdraw this consent, the account is deleted; payments already"
        " ordered are completed."
    ),
    Purpose.HEALTH: _(
        "I agree that my health note is stored, encrypted, for the hospital that treats me. Office staff,"
        " cadres and leaders cannot read it. When I withdraw this consent, the note is deleted."
    ),
    Purpose.CHILD: _(
        "As guardian I agree that the office stores my child's name, date of birth and ID number for the"
        " services I apply for on the child's behalf. When I withdraw this consent, the child's data is"
        " deleted."
    ),
    Purpose.SHARING: _(
        "I agree that the office passes on what an application needs to the bank, hospital, school or"
        " mentor that provides the service. Each such transfer is recorded."
    ),
}


def declared_wording() -> str:
    """What is stored with a file that came from a table: who imported it vouched for the consents on paper."""
    declared = _(
        "Whoever imported this file declared that the person signed the following consent, and that it is kept:"
    )
    return f"{declared} {wording(Purpose.REGISTER)}"


def wording(purpose: str) -> str:
    """Give the full text of consent to `purpose` in the language now spoken."""
    return str(WORDINGS[Purpose(purpose)])
