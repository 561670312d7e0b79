"""Masks for names, phones, ID numbers and accounts: what a page, a notice or a public list may show."""

from talentmap.people.pinyin import COMPOUND_SURNAMES


def mask_name(name: str) -> str:
    """Keep the surname: 张伟 → 张*, 欧阳娜 → 欧阳*; other names keep their first letter or part."""
    name = name.strip()
    if not name:
        return ""
    if name[:2] in COMPOUND_SURNAMES and len(name) > 2:
        return f"{name[:2]}*"
    return f"{name[:1]}*"


def mask_phone(phone: str) -> str:
    """138****1234; anything that is not a mobile number keeps its last two characters only."""
    if len(phone) == 11 and phone.isdigit():
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * (len(phone) - 2) + phone[-2:] if len(phone) > 2 else "*" * len(phone)


def mask_id(id_number: str) -> str:
    """5115**********012X; anything of another length shows nothing of itself."""
    if len(id_number) == 18:
        return f"{id_number[:4]}**********{id_number[-4:]}"
    return "*" * len(id_number)


def mask_account(account: str) -> str:
    """Last four characters of a bank account, from the account or from its stored last four."""
    return f"**** {account[-4:]}" if len(account) >= 4 else "*" * len(account)
