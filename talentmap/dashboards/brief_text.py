"""A brief as an official document, written from the figures that were kept: in Chinese, the office's language."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from talentmap.dashboards import brief_charts
from talentmap.documents.official import Block, Chart, Heading, Official, Table, Text, day_in_words, in_chinese


def written(figures: dict[str, Any], office: str) -> Official:
    first = date.fromisoformat(figures["first"])
    return Official(
        title=f"{figures['place']}人才工作月报",
        under_title=f"（{first.year}年{first.month}月）",
        blocks=tuple(_blocks(figures)),
        office=office,
        made_at=datetime.fromisoformat(figures["as_of"]),
    )


def _blocks(figures: dict[str, Any]) -> Iterable[Block]:
    numbers = (in_chinese(number) for number in range(1, 100))
    yield Heading(f"{next(numbers)}、总体情况")
    yield Text(_overall(figures))
    for each in figures["maps"]:
        yield Heading(f"{next(numbers)}、{each['label']}")
        yield from _map(each, _until(figures))
    yield Heading(f"{next(numbers)}、需要关注的事项")
    yield from _warnings(figures["warnings"])
    yield Heading(f"{next(numbers)}、指标口径")
    lines = (line for each in figures["maps"] for line in each["lines"])
    for number, line in enumerate(lines, start=1):
        yield Text(f"{number}.{line['label']}：{line['definition']}")


def _overall(figures: dict[str, Any]) -> str:
    period = f"{_day(figures['first'])}至{_day(figures['last'])}"
    as_of = datetime.fromisoformat(figures["as_of"])
    counted = sum(len(each["lines"]) for each in figures["maps"])
    warned = len(figures["warnings"])
    attention = f"需要关注的事项{warned}项" if warned else "暂无需要关注的事项"
    return (
        f"本期月报反映{period}{figures['place']}人才工作情况，共{counted}项指标，{attention}。"
        f"数据取自人才三张图平台，统计时间为{day_in_words(as_of.date())}{as_of:%H时%M分}；"
        "时点指标为统计时数据，其余指标与上月相比。"
    )


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))


def _until(figures: dict[str, Any]) -> str:
    """The day of the stock figures, which are those of no month; with its year where the month lies in another."""
    day = datetime.fromisoformat(figures["as_of"]).date()
    same_year = day.year == date.fromisoformat(figures["first"]).year
    return f"截至{day.month}月{day.day}日" if same_year else f"截至{day_in_words(day)}"


def _map(each: dict[str, Any], until: str) -> Iterable[Block]:
    numbers = (in_chinese(number) for number in range(1, 100))
    yield Heading(f"（{next(numbers)}）主要指标", level=2)
    for number, line in enumerate(each["lines"], start=1):
        yield Text(f"{number}.{_sentence(line, until)}")
    rows = [("指标", "本月", "上月", "变化", "本年累计"), *(_row(line, until) for line in each["lines"])]
    yield Table(rows, (0.24, 0.19, 0.19, 0.19, 0.19))
    chart = each["chart"]
    if chart and chart["months"]:
        yield Heading(f"（{next(numbers)}）走势", level=2)
        yield _course(chart, each["code"])
    if chart and chart["townships"]:
        yield Heading(f"（{next(numbers)}）分乡镇情况", level=2)
        yield from _townships(chart, each["code"])


def _townships(chart: dict[str, Any], page: str) -> Iterable[Block]:
    """One chart, or numbered ones where the townships are more than a page holds."""
    drawn = brief_charts.bars([(name, value) for name, value in chart["townships"]], page)
    for number, part in enumerate(drawn, start=1):
        mark = f"（{in_chinese(number)}）" if len(drawn) > 1 else ""
        yield Chart(part, f"各乡镇{chart['label']}（{chart['unit']}）{mark}")


def _course(chart: dict[str, Any], page: str) -> Block:
    """The line over the months; a sentence where it would be empty axes."""
    if any(chart["values"]):
        caption = f"{chart['label']}逐月走势（{chart['unit']}）"
        return Chart(brief_charts.course(chart["months"], chart["values"], page), caption)
    told = "暂无数据" if all(value is None for value in chart["values"]) else "均为0"
    return Text(f"近{len(chart['months'])}个月{chart['label']}{told}。")


def _sentence(line: dict[str, Any], until: str) -> str:
    """有效问卷120份，比上月增加20份…: one figure in words."""
    value = f"{line['value']}{line['unit']}" if line["value"] != "—" else "暂无数据"
    if line["is_stock"]:
        return f"{line['label']}{value}（{until}）。"
    parts = [f"{line['label']}{value}", _compared(line)]
    if line["so_far"] != "—":
        parts.append(f"本年累计{line['so_far']}{line['unit']}")
    return "，".join(part for part in parts if part) + "。"


def _compared(line: dict[str, Any]) -> str:
    words = {"up": "比上月上升", "down": "比上月下降", "same": "与上月持平"}
    if line["direction"] not in words:
        return ""
    how_far = line["change"].lstrip("+−") if line["direction"] != "same" else ""
    return f"{words[line['direction']]}{how_far}".replace(" (+", "（").replace(" (−", "（").replace(")", "）")


def _row(line: dict[str, Any], until: str) -> tuple[str, ...]:
    notes = [note for note in (line["unit"], until if line["is_stock"] else "") if note]
    label = f"{line['label']}（{'，'.join(notes)}）" if notes else line["label"]
    if line["is_stock"]:
        return label, line["value"], "—", "—", "—"
    return label, line["value"], line["before"], line["change"] or "—", line["so_far"]


def _warnings(warnings: list[dict[str, str]]) -> Iterable[Block]:
    if not warnings:
        yield Text("截至统计时，暂无需要关注的事项。")
    for number, each in enumerate(warnings, start=1):
        yield Text(f"{number}.{each['what']}。{each['why']}")
