"""The borrowers of the demo county: what each asks for, and how far the case and the loan come by today."""

from dataclasses import dataclass

APPLICATIONS = 8  # beside the stories: loans that simply run

VILLAGE_BANK, CREDIT_UNION = 0, 1  # in the order of the register
RETURNEE, YOUTH, SMALL_FIRM = "返乡创业贷", "青年创业贷", "小微企业创业贷"
FARMING, QUICK = "创业惠农贷", "小微快贷"


@dataclass(frozen=True)
class Story:
    """`begins` is in working days before today. `goal` is where the case stands today: a state of its own, a stage at
    which it waits, or what became of the loan. `fate` is what happens to a loan that runs; one that is `overdue` has
    been so for as many calendar days, and what was given up is a loan overdue for longer than that."""

    begins: int
    product: str
    amount: int
    months: int
    method: str
    purpose: str
    goal: str = "running"
    fate: str = ""
    overdue: int = 0
    kind: str = "individual"
    partners: int | None = None
    grace: int = 0
    firm: tuple[str, str] = ("", "")  # name and industry of an enterprise to be registered
    at_home: bool = False  # in the township whose cadre can be signed in as
    slips: bool = False  # returned once for correction
    played: bool = False  # the second talent who can be signed in as


STORIES: tuple[Story, ...] = (
    Story(150, RETURNEE, 150_000, 24, "equal-principal", "购置豆腐干自动包装线和冷藏柜，做预包装产品线上销售。",
          firm=("本味豆制品工坊", "food"), played=True),
    Story(200, RETURNEE, 300_000, 12, "interest-only", "承包鱼塘并购买鱼苗、增氧设备，发展稻渔综合种养。",
          goal="written_off", overdue=190),
    Story(200, FARMING, 100_000, 6, "equal-instalment", "收购早春鲜叶，周转两季加工资金。"),
    Story(195, RETURNEE, 200_000, 24, "equal-instalment", "改造三十亩柑橘园，建设滴灌和分选设施。", fate="early"),
    Story(190, FARMING, 240_000, 18, "equal-principal", "扩建桑园大棚，购置小蚕共育设备。", fate="extended"),
    Story(185, RETURNEE, 500_000, 30, "equal-principal", "三人合伙建设竹笋加工车间，购置蒸煮和真空包装设备。",
          kind="partnership", partners=3, fate="further", firm=("三友竹笋加工有限公司", "food")),
    Story(180, RETURNEE, 180_000, 24, "equal-principal", "装修直播间，采购首批农产品库存。",
          fate="corrected", firm=("乡味直播电商工作室", "commerce"), slips=True),
    Story(170, RETURNEE, 120_000, 18, "equal-instalment", "购置两台采茶机和一台杀青机。", fate="settled"),
    Story(160, YOUTH, 60_000, 24, "equal-principal", "开办乡村咖啡馆，购置设备和首批原料。"),
    Story(150, RETURNEE, 120_000, 12, "equal-instalment", "养殖场扩建圈舍，购买母猪二十头。", overdue=110),
    Story(140, FARMING, 80_000, 12, "equal-principal", "租赁冷库，周转李子收购资金。", overdue=75),
    Story(130, RETURNEE, 260_000, 24, "interest-only", "把老院子改成民宿，添置家具和消防设施。", overdue=45),
    Story(120, SMALL_FIRM, 1_500_000, 12, "interest-quarterly", "新建预制菜生产线，新招用返乡人员十二人。",
          kind="enterprise", firm=("川南味道预制菜有限公司", "food")),
    Story(110, QUICK, 800_000, 18, "equal-instalment", "更新机械加工设备，补充原材料周转资金。",
          kind="enterprise", firm=("恒信精密机械有限公司", "manufacturing"), overdue=15),
    Story(100, RETURNEE, 90_000, 12, "equal-principal", "购置农产品配送车辆。", goal="cancelled"),
    Story(80, FARMING, 150_000, 24, "equal-principal", "流转土地五十亩种植酿酒高粱。", goal="rejected:bank"),
    Story(70, RETURNEE, 100_000, 12, "equal-instalment", "进城开设快餐店。", goal="refused"),
    Story(60, RETURNEE, 400_000, 30, "equal-principal", "新建观光采摘园及停车场。", goal="rejected:office"),
    Story(50, YOUTH, 50_000, 24, "equal-principal", "开设汉服摄影工作室。", goal="withdrawn"),
    Story(45, RETURNEE, 350_000, 24, "interest-only", "扩大白酒贴牌生意。", goal="rejected:guarantor"),
    Story(18, RETURNEE, 200_000, 24, "equal-principal", "购置茶叶色选机，改造清洁化加工车间。", goal="signed"),
    Story(15, RETURNEE, 160_000, 18, "equal-instalment", "扩建食用菌大棚六座。", goal="approved"),
    Story(8, RETURNEE, 220_000, 24, "equal-principal", "建设蜂蜜灌装车间，办理食品生产许可。", goal="terms"),
    Story(7, FARMING, 120_000, 12, "equal-instalment", "购置蚕茧烘干设备。", goal="bank"),
    Story(6, RETURNEE, 300_000, 30, "equal-instalment", "建设水果分选中心，购置叉车和冷链设备。",
          goal="bank", firm=("果满园农业发展有限公司", "fruit")),
    Story(7, RETURNEE, 180_000, 24, "equal-principal", "开设农村养老服务站，购置康复器材。", goal="guarantor"),
    Story(5, FARMING, 100_000, 12, "equal-principal", "扩大黄精林下种植，购买种苗。", goal="guarantor"),
    Story(5, RETURNEE, 450_000, 30, "equal-principal", "两人合伙开办研学营地，改造闲置村小学。",
          kind="partnership", partners=2, goal="office"),
    Story(4, YOUTH, 80_000, 30, "equal-principal", "开办无人机植保服务队，购置两台植保无人机。", goal="office"),
    Story(3, RETURNEE, 150_000, 24, "equal-instalment", "开设母婴用品店，采购首批货品。",
          goal="township", at_home=True),
    Story(2, RETURNEE, 100_000, 12, "equal-instalment", "购置豆干卤制设备，申请小作坊备案。",
          goal="submitted", at_home=True),
    Story(4, FARMING, 60_000, 12, "equal-principal", "购买青脆李苗木，补植果园二十亩。", goal="returned", at_home=True),
    Story(2, RETURNEE, 130_000, 24, "equal-principal", "开办汽车维修店，购置举升机。", goal="draft"),
)  # fmt: skip

PURPOSES = (
    "购置茶叶加工设备，扩大春茶生产。", "扩建蛋鸡养殖场，更新饲喂设备。", "开设农资门市，采购春耕物资。",
    "购置直播设备，组建助农电商团队。", "改造酿酒车间，购置不锈钢储酒罐。", "发展林下养鸡，建设圈舍和围栏。",
    "开办家政服务公司，租赁场地并培训员工。", "购置竹编设备，开发文创产品。", "建设育苗大棚，购买优质种苗。",
    "开设乡村民宿，装修客房六间。",
)  # fmt: skip

RETURN_NOTE = "创业计划书未说明还款来源，请补充近三个月的收入和预计回款。"
REASONS = {
    "refused": "经营地点不在本县范围内，不属于受理范围。",
    "rejected:office": "经核实，项目用地尚未取得设施农业用地备案，现阶段不符合申请条件；取得备案后可重新申请。",
    "rejected:guarantor": "经尽职调查，近半年经营流水与申请金额不匹配，且无法提供反担保，不予担保。",
    "rejected:bank": "征信报告显示近两年有连续逾期记录，不符合本社贷款准入条件。",
    "withdrawn": "家里凑到了资金，暂时不需要贷款",
    "cancelled": "借款人已自筹资金，书面申请放弃本次贷款",
    "written_off": "借款人因灾停产、无财产可供执行，担保公司已按约定代偿，剩余债权经审批核销",
    "extended": "受洪涝灾害影响，销售回款推迟，经担保公司同意展期六个月",
    "corrected": "到账日期录入有误：借款人实际晚十二天还款",
}
