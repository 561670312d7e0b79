"""Amounts in Chinese capital numerals, as official letters and vouchers write them."""

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def amount_in_words(amount: Decimal) -> str:
    """Return `amount` (CNY, rounded half-up to 0.01) in words, e.g. 12345.67 → 壹万贰仟叁佰肆拾伍元陆角柒分.

    Raises ValueError outside 0 ≤ amount < 10¹⁶. Source: 正确填写票据和结算凭证的基本规定 (rules for filling in bills).
    """
    fen = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 <= fen < 10**18:
        raise ValueError("amount out of range")
    yuan, jiao_fen = divmod(fen, 100)
    whole = f"{_integer(yuan)}元" if yuan else ""
    return (whole + _fraction(jiao_fen, after_yuan=bool(yuan))) or "零元整"


def _fraction(jiao_fen: int, *, after_yuan: bool) -> str:
    jiao, fen = divmod(jiao_fen, 10)
    if not jiao_fen:
        return "整" if after_yuan else ""
    words = f"{_DIGITS[jiao]}角" if jiao else ("零" if after_yuan else "")
    return words + (f"{_DIGITS[fen]}分" if fen else "整")


def _integer(number: int) -> str:
    words, position = "", 0
    while number:
        number, group = divmod(number, 10_000)
        words = _group(group, leading_zero=bool(number) and group < 1000, suffix=_GROUPS[position]) + words
        position += 1
    return _squeeze(words).rstrip("零")


def _group(group: int, *, leading_zero: bool, suffix: str) -> str:
    if not group:
        return "零" if leading_zero else ""
    words = ""
    for place, digit in enumerate(reversed(f"{group:04d}")):
        words = (f"{_DIGITS[int(digit)]}{_PLACES[place]}" if digit != "0" else "零") + words
    words = _squeeze(words.lstrip("零")).rstrip("零")
    return ("零" if leading_zero else "") + words + suffix


def _squeeze(words: str) -> str:
    while "零零" in words:
        words = words.replace("零零", "零")
    return words
