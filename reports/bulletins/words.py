"""The Chinese words of bulletins: always Chinese, whatever language the person who writes reads in."""

from departments.models.region import Level

OVERALL, RANKING, MENTIONS, BEHIND, DEMANDS = "overall", "ranking", "mentions", "behind", "demands"
ADDRESSEE, OPENING = "addressee", "opening"
HEADINGS = {
    ADDRESSEE: "",
    OPENING: "",
    OVERALL: "一、总体情况",
    RANKING: "二、地区排名",
    MENTIONS: "三、表扬与点名",
    BEHIND: "四、落后目标及原因",
    DEMANDS: "五、下一步要求",
}
"""The sections in the order of the document; those without a heading open it."""

TITLE = "关于{quarter}{programme}目标完成情况的通报"
TITLE_END = "目标完成情况"
DRAFT = "（送审稿，未印发）"
FILE = "{programme}_{quarter}_通报{serial}.docx"
DRAFT_FILE = "送审稿"
ADDRESSEES = {
    Level.PROVINCE: "各市人民政府，省级有关单位：",
    Level.CITY: "各县（市、区）人民政府，市直有关单位：",
    Level.COUNTY: "各乡镇人民政府、街道办事处，县直有关单位：",
    Level.TOWNSHIP: "各有关单位：",
}

OPENING_TEXT = "根据《{name}》{document}，现将{quarter}目标完成情况通报如下。{basis}"
FROM_EDITION = "数据依据本季度第{edition}版发布结果（{day}发布）。"
FROM_APPROVED = "数据依据审核通过的填报结果（截至{day}）。"
FROM_NOTHING = "本季度尚无计算结果。"

GREEN, AMBER, RED, GREY, SCORE = "达标", "接近", "落后", "未评定", "得分"
SHARES = "应完成的 {due} 项目标中，达标占 {green}%、接近占 {amber}%、落后占 {red}%、未评定占 {grey}%。"
SCORE_SAID = "综合得分 {score} 分"
NO_SCORE = "填报不足，不作综合评定。"
CHANGES = {"same": "与上季度持平", "up": "比上季度提高 {size} 分", "down": "比上季度下降 {size} 分"}

PRAISE, NAME = "（一）表扬", "（二）点名"
PRAISED = "{names}本季度评定为达标且位次居前，予以表扬。"
NOBODY_PRAISED = "本季度没有符合表扬条件的地区。"
NAMED = "{names}本季度评定为落后，予以点名。"
UNRANKED = "{names}填报不足，不列位次，予以提醒。"
LATE = "{names}填报率低于 {share}，予以点名。"
NOBODY_NAMED = "本季度没有予以点名的地区和部门。"
RULE = (
    "注：评定为达标且位次居前三的地区予以表扬，并列的一并列入，表扬的不超过参加排名地区的半数；"
    "评定为落后的地区、填报率低于{share}的部门予以点名。"
)
NO_REGIONS = "本方案未向下级地区分解目标，不评选表扬地区。"

NOTHING_RATED = "本季度无评定结果。"
NOTHING_BEHIND = "已评定的目标中没有落后项。"
SOME_BEHIND = "本季度落后目标 {count} 项，{shown}；{said}。"
ALL_SHOWN, FIRST_SHOWN = "逐项列于下表", "下表列出最突出的 {count} 项"
ALL_SAID, SOME_SAID, NONE_SAID = (
    "责任单位均已说明原因",
    "表中 {count} 项责任单位尚未说明原因",
    "责任单位均未说明原因",
)
UNSAID = "未说明"

NUMBERS = "一二三四五"
DEMAND = "{number}是{text}"
FIX = "落后目标要逐项整改。{leads}等责任单位要对照目标值查明原因，定措施、定责任人、定时限，下季度填报时说明进展。"
FIX_FEW = "落后目标要逐项整改。{leads}要对照目标值查明原因，定措施、定责任人、定时限，下季度填报时说明进展。"
WATCH = "有 {count} 项目标按现有走势到期可能达不到，责任单位要提前研判，及早采取措施。"
LOST = "有 {count} 项目标到期已无法达到，责任单位要书面说明情况，提出补救办法。"
REPORT = "有 {count} 项目标未填报，责任单位要尽快补报，确保数据真实、准确、完整。"
KEEP = "各地区、各有关单位要巩固已有成效，按序时进度抓好落实。"

CHART_DOMAINS, CHART_RANKING = "各领域评定情况（项）", "各地区得分（分）"
CHART_FIRST = "得分居前的{count}个地区（分）"
SHOWN = "注：本通报含演示数据，不代表实际完成情况。"
SEPARATOR = "、"
REGIONS, DEPARTMENTS = "地区", "部门"
MORE = "等 {count} 个{noun}"
