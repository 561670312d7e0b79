"""The words a synthetic Gao County is made of. No real person or firm is meant; numbers are made to be valid only."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"  # noqa: E501
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛")
GIVEN_MALE = "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢诚宏达晨阳昊然子轩博文志远建国家豪"
GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀玲婷雪琳晶欣怡佳慧颖洁萍红梅莉倩云蓉岚瑶悦琴雨薇诗涵梦琪晓燕春兰思雨"

# (name, kind, industry, township)
ORGANISATIONS = (
    ("高县来复早白尖茶业有限公司", "enterprise", "tea", "来复镇"),
    ("高县罗场川红茶业有限公司", "enterprise", "tea", "罗场镇"),
    ("高县落润林湖茶叶专业合作社", "cooperative", "tea", "落润镇"),
    ("高县罗场蚕桑产业发展有限公司", "enterprise", "silk", "罗场镇"),
    ("高县可久丝绸有限公司", "enterprise", "silk", "可久镇"),
    ("高县胜天桑蚕专业合作社", "cooperative", "silk", "胜天镇"),
    ("高县文江竹木制品有限公司", "enterprise", "forest", "文江镇"),
    ("高县复兴竹产业专业合作社", "cooperative", "forest", "复兴镇"),
    ("高县来复李子专业合作社", "cooperative", "fruit", "来复镇"),
    ("高县嘉乐果业有限公司", "enterprise", "fruit", "嘉乐镇"),
    ("高县月江酿酒专用粮种植专业合作社", "cooperative", "grain", "月江镇"),
    ("高县庆符酒业有限公司", "enterprise", "grain", "庆符镇"),
    ("高县庆岭生猪养殖有限公司", "enterprise", "livestock", "庆岭镇"),
    ("高县蕉村养殖专业合作社", "cooperative", "livestock", "蕉村镇"),
    ("高县月江水产养殖有限公司", "enterprise", "aquaculture", "月江镇"),
    ("高县沙河豆腐食品有限公司", "enterprise", "food", "沙河镇"),
    ("高县沙河豆制品专业合作社", "cooperative", "food", "沙河镇"),
    ("高县庆符农产品加工有限公司", "enterprise", "food", "庆符镇"),
    ("高县福溪机械制造有限公司", "enterprise", "manufacturing", "庆符镇"),
    ("高县庆符新型材料有限公司", "enterprise", "manufacturing", "庆符镇"),
    ("高县文江电子科技有限公司", "enterprise", "manufacturing", "文江镇"),
    ("高县庆符电子商务有限公司", "enterprise", "commerce", "庆符镇"),
    ("高县来复直播电商服务部", "enterprise", "commerce", "来复镇"),
    ("高县可久文化旅游开发有限公司", "enterprise", "tourism", "可久镇"),
    ("高县胜天红岩山旅游服务有限公司", "enterprise", "tourism", "胜天镇"),
    ("高县庆符建筑工程有限公司", "enterprise", "construction", "庆符镇"),
    ("高县文江园林工程有限公司", "enterprise", "construction", "文江镇"),
    ("高县惠民村镇银行示例支行", "bank", "finance", "庆符镇"),
    ("高县农村信用联社示例分社", "bank", "finance", "文江镇"),
    ("高县示范融资担保有限公司", "guarantor", "finance", "庆符镇"),
    ("高县示范人民医院", "hospital", "health", "庆符镇"),
    ("高县示范中医医院", "hospital", "health", "文江镇"),
    ("高县罗场镇示范卫生院", "hospital", "health", "罗场镇"),
    ("高县示范中学", "school", "education", "庆符镇"),
    ("高县示范小学", "school", "education", "文江镇"),
    ("高县示范幼儿园", "school", "education", "庆符镇"),
    ("高县职业技能培训学校", "training", "education", "庆符镇"),
    ("高县庆符创业培训中心", "training", "education", "庆符镇"),
    ("高县来复镇大屋村股份经济合作联合社", "collective", "fruit", "来复镇"),
    ("高县罗场镇走马村股份经济合作联合社", "collective", "silk", "罗场镇"),
    ("高县沙河镇银塘村股份经济合作联合社", "collective", "food", "沙河镇"),
)

SCHOOLS = (
    "四川大学",
    "电子科技大学",
    "西南交通大学",
    "四川农业大学",
    "西华大学",
    "宜宾学院",
    "重庆大学",
    "西南大学",
    "成都理工大学",
    "四川轻化工大学",
)
MAJORS = (
    "茶学",
    "蚕学",
    "食品科学与工程",
    "机械设计制造及其自动化",
    "电子商务",
    "计算机科学与技术",
    "园林",
    "会计学",
    "市场营销",
    "动物科学",
    "水产养殖学",
    "旅游管理",
    "土木工程",
    "临床医学",
    "农业资源与环境",
)
POSITIONS = (
    "技术员",
    "工程师",
    "质量主管",
    "运营专员",
    "财务主管",
    "销售经理",
    "项目经理",
    "研发工程师",
    "茶艺师",
    "畜牧技术员",
)
SKILLS = ("评茶员", "电工", "焊工", "养老护理员", "农业技术员", "电子商务师", "食品检验员", "数控车工", "中式烹调师")
BANKS = ("高县惠民村镇银行示例支行", "高县农村信用联社示例分社")
STREETS = ("学府路", "滨河路", "正街", "柳湖路", "硕勋大道", "长江路", "新城路", "文峰街")
RETURN_NOTES = (
    "租赁合同缺少末页签字，请补拍完整。",
    "合同照片不清晰，请重新上传。",
    "学位证书请上传原件照片，复印件不作为依据。",
)
REJECT_REASONS = (
    "经核实，申请人配偶在本县有自有住房，不符合补贴条件。",
    "经核实，用人单位已为申请人提供宿舍。",
    "合同所载房屋与实际居住地不一致，经两次核实未能确认。",
)
COMMENTS = ("办得很快，态度好。", "流程清楚，不用跑腿。", "材料一次说清，满意。", "", "", "希望再快一点。")
POOR_COMMENTS = ("等了很久没有人联系我。", "同一份材料让我交了两次。")
