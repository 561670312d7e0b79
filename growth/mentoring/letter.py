"""The mentoring agreement as a document. Documents are written in Chinese, whatever language the reader has chosen."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone, translation

from growth.mentoring.models import Agreement, Pair
from talentmap.casework.models import Application
from talentmap.casework.states import State
from talentmap.documents.letter import Letter, render

KINDS = {"theory": "理论导师", "practice": "实践导师"}


def agreement(row: Agreement) -> bytes:
    """The agreement as PDF, with who has confirmed it and when."""
    with translation.override("zh-hans"):
        return render(
            Letter(
                title="导师帮带协议",
                number=f"协议编号：{row.pair.application.number}-{row.pair_id}-{row.number}",
                addressee="协议双方",
                body=_body(row),
                office=settings.OFFICE_NAME,
                dated=timezone.localdate(row.drafted_at),
            )
        )


def name_of(row: Agreement) -> str:
    return f"agreement-{row.pair_id}-{row.number}.pdf"


def _body(row: Agreement) -> tuple[str, ...]:
    pair, mentor = row.pair, row.pair.mentor
    return (
        f"导师：{mentor.name}（{mentor.organisation_label}，{mentor.position or '—'}）；帮带对象：{pair.talent.name}。"
        f"双方经协商一致，就{KINDS[pair.kind]}一对一帮带事项订立本协议。",
        "一、帮带期限",
        f"自{_day(row.starts_on)}起至{_day(row.ends_on)}止，共{row.weeks}周。",
        "二、帮带目标",
        *_paragraphs(row.aims),
        "三、帮带内容",
        *_paragraphs(row.content),
        "四、双方职责",
        *_paragraphs(row.duties),
        "五、考核与变更",
        "期中、期末由双方和本中心分别评价，评价分为优秀、合格、不合格三个等次，期末评价作为发放导师津贴的依据。"
        "双方可以协商续签；提前结束或者更换导师的，应当说明理由并告知本中心。",
        "六、确认",
        f"导师确认：{_moment(row.mentor_confirmed_at)}；帮带对象确认：{_moment(row.talent_confirmed_at)}{_on_paper(row)}。"
        + ("本协议已生效。" if row.is_in_force else "本协议待双方确认后生效。"),
        *_to_sign(row),
    )


def _on_paper(row: Agreement) -> str:
    return f"（本人签署纸质协议，由{row.paper.uploaded_by}录入）" if row.paper else ""


def _to_sign(row: Agreement) -> tuple[str, ...]:
    """The line on which a talent without an account signs."""
    if row.pair.talent.user_id is not None or row.talent_confirmed_at:
        return ()
    return ("帮带对象（签字）：＿＿＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日",)


def decision(application: Application, pair: Pair | None) -> bytes | None:
    """The decision on an application for a mentor as PDF; None while nothing is decided."""
    if application.decided_at is None:
        return None
    with translation.override("zh-hans"):
        granted = pair is not None and application.state in (State.APPROVED, State.CLOSED)
        return render(
            Letter(
                title="关于结对导师申请的决定",
                number=f"办件编号：{application.number}",
                addressee=application.applicant.name,
                body=_granted(application, pair) if granted and pair else _not_granted(application),
                office=settings.OFFICE_NAME,
                dated=timezone.localdate(application.decided_at),
            )
        )


def _granted(application: Application, pair: Pair) -> tuple[str, ...]:
    mentor = pair.mentor
    return (
        f"你于{_sent_on(application)}提交的结对导师申请（办件编号{application.number}），经审核并经导师本人同意，现予批准。",
        "一、结对导师",
        f"由{mentor.name}（{mentor.organisation_label}）担任你的{KINDS[pair.kind]}，自{_day(pair.started_on)}起一对一帮带。",
        "二、有关要求",
        "请与导师共同拟定帮带协议，约定目标、内容、职责和期限，按约定见面并如实记录。需要更换导师或者提前结束的，应当说明理由并告知本中心。",
    )


def _not_granted(application: Application) -> tuple[str, ...]:
    verdict = {
        State.REFUSED: "经审查，决定不予受理",
        State.REVOKED: "经核查，决定撤销批准",
    }.get(State(application.state), "经审查，决定不予批准")
    return (
        f"你提交的结对导师申请（办件编号{application.number}），{verdict}。理由如下：",
        application.decision_reason.strip() or "—",
        "对本决定有异议的，可以自收到本决定之日起60日内向本中心申请复核；条件具备后，可以重新申请。",
    )


def _sent_on(application: Application) -> str:
    return _day(timezone.localdate(application.submitted_at))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(moment: datetime | None) -> str:
    return f"{_day(timezone.localdate(moment))}{timezone.localtime(moment):%H:%M}" if moment else "待确认"
