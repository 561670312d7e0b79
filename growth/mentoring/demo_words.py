"""The people and words of the demo county's mentoring."""

from typing import Any

from growth.mentoring.choices import Grade

APPLICANTS = 34

_COMMON: dict[str, Any] = {"languages": ["mandarin", "sichuanese"], "formats": ["on_site", "phone"]}
_FIRMS = ("enterprise", "cooperative")
_BUREAU = ("government",)


def _mentor(
    name: str, position: str, skills: list[str], industries: list[str], bio: str, **more: Any
) -> dict[str, Any]:
    return {
        "name": name, "user": "", "firms": _FIRMS, "kind": "entrepreneur", "position": position, "offers": ["practice"],
        "skills": skills, "industries": industries, "stages": ["starting", "growing"], "bio": bio, "capacity": 2,
        **_COMMON, **more,
    }  # fmt: skip


MENTORS: tuple[dict[str, Any], ...] = (
    _mentor("何强", "总经理", ["ecommerce", "marketing", "product"], ["tea", "food", "commerce"],
            "从一间茶叶门市做起，十五年做成本地品牌，愿意把选品、定价和直播的经验讲给返乡青年。",
            user="mentor", capacity=5, offers=["practice", "theory"], formats=["on_site", "phone", "video"]),
    _mentor("罗桂芳", "理事长", ["growing", "processing", "people"], ["silk", "grain"],
            "带领合作社三百户蚕农，熟悉小蚕共育和方格蔟技术。"),
    _mentor("张守田", "负责人", ["growing", "logistics"], ["fruit", "forest"],
            "种了三十年柑橘，懂病虫害，也懂冷藏和发货。"),
    _mentor("刘云鹏", "创始人", ["ecommerce", "digital", "marketing"], ["commerce", "food", "tourism"],
            "做过平台运营，回乡开办直播基地，擅长账号定位和供应链。", formats=["on_site", "video"]),
    _mentor("陈国栋", "厂长", ["processing", "craft", "people"], ["food", "manufacturing"],
            "豆制品加工二十年，从作坊到标准化车间都走过。", stages=["growing", "established"]),
    _mentor("彭丽华", "总经理", ["tourism", "product", "marketing"], ["tourism", "food"],
            "办民宿和研学营地，擅长线路设计和服务流程。", stages=["idea", "starting", "growing"]),
    _mentor("周志远", "副局长", ["policy", "law"], ["tea", "silk", "fruit", "grain"],
            "长期从事产业扶持和项目申报，熟悉各级政策。", kind="cadre", firms=_BUREAU, offers=["theory"],
            stages=["idea", "starting", "growing"], capacity=3),
    _mentor("杨晓琴", "科长", ["finance", "policy"], ["commerce", "food", "manufacturing"],
            "会计师，帮小微企业建账、报税、算清成本。", kind="cadre", firms=_BUREAU, offers=["theory"], capacity=3),
    _mentor("王德明", "客户经理", ["funding", "finance"], ["finance", "commerce", "tea", "livestock"],
            "经办创业担保贷款八年，知道银行看什么。", kind="cadre", firms=("bank",), offers=["theory", "practice"]),
    _mentor("唐永胜", "场长", ["growing", "logistics", "finance"], ["livestock", "aquaculture"],
            "生猪和稻渔综合种养，重视防疫和成本核算。"),
    _mentor("李秀兰", "高级教师", ["people", "digital"], ["education", "tourism"],
            "做职业培训多年，擅长带新人、做计划。", kind="cadre", firms=("training",), offers=["theory"]),
    _mentor("郭振华", "技术总监", ["craft", "processing", "digital"], ["manufacturing", "construction"],
            "数控加工高级技师，带过二十多名徒弟。", stages=["starting", "growing", "established"]),
)  # fmt: skip

GOALS: tuple[tuple[str, str, list[str]], ...] = (
    ("tea", "一年内把本村的早春茶做出自己的品牌，线上销售达到二十万元。", ["ecommerce", "product", "marketing"]),
    ("silk", "把家里的蚕桑扩到五十亩，学会小蚕共育，开发桑果产品。", ["growing", "processing"]),
    ("fruit", "把柑橘园改造成采摘园，学会分级、冷藏和发货。", ["growing", "logistics", "tourism"]),
    ("food", "把沙河豆腐做成可以寄到外地的预包装产品。", ["processing", "product", "law"]),
    ("tourism", "把老院子改成民宿，设计两条采茶体验线路。", ["tourism", "marketing", "funding"]),
    ("commerce", "组建三人直播团队，帮十户农户卖货，账目清楚。", ["ecommerce", "finance", "people"]),
    ("livestock", "建立规范的养殖台账，申请创业担保贷款扩大规模。", ["finance", "funding", "policy"]),
    ("manufacturing", "通过高级工考核，学会编程和带班组。", ["craft", "people", "digital"]),
)

WORDS: dict[str, Any] = {
    "aims": "制定可以执行的年度计划，完成产品定位和首批销售，掌握成本核算的基本方法。",
    "content": "每月至少见面两次，其中一次在现场；围绕生产、销售、账目逐项指导，按月检查计划。",
    "duties": "导师：如实指导，按时见面，引荐资源。\n帮带对象：按计划完成任务，认真做好记录，遵守约定。",
}
STEPS = (
    "完成市场调研和产品定位",
    "建立成本台账",
    "完成首批产品包装和定价",
    "开设网店并完成首批订单",
    "总结经验，制定下年计划",
)
MEETINGS: tuple[tuple[str, str], ...] = (
    ("产品定位", "一起走访了两家门市，比较同类产品的包装和价格，确定主推两个规格。"),
    ("直播实操", "导师示范开场和讲解，学员练习一小时，复盘话术和节奏。"),
    ("成本核算", "把上月支出逐项归类，算出每斤成本，发现包装费用偏高。"),
    ("现场指导", "到基地查看生产情况，指出采收和存放中的问题，当场改正。"),
    ("政策解读", "讲解创业担保贷款和补贴的条件、材料和时间安排。"),
    ("渠道对接", "介绍两家采购单位，约定下周送样品。"),
)
NEXT_STEPS = (
    "下次见面前完成样品包装。",
    "每周记账一次，月底带来看。",
    "本周练习两场直播并录像。",
    "准备申报材料初稿。",
)


_ASSESSED = {
    "talent": "讲得实在，能用得上，希望多去现场。",
    "mentor": "肯学肯干，计划完成得好，账目还要再细。",
    "office": "帮带记录完整，成效符合协议目标。",
}
_FAILED = {
    "talent": "见面次数太少，约好的现场指导没有做到。",
    "mentor": "约好的事情多次没有完成，计划进展不大。",
    "office": "见面次数不足，成效未达到协议目标。",
}


def assessment(side: str, grade: str) -> str:
    """What a side says of a term, in keeping with the grade that it gives."""
    return (_FAILED if grade == Grade.UNQUALIFIED else _ASSESSED)[side]
