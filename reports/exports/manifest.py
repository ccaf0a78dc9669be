"""The manifest: what the workbook was made from, and the SHA-256 of every sheet in the file as it was written.

`unzip -p FILE PART | sha256sum` gives the code of a sheet until somebody saves the file again; the fingerprint of
the results can be compared for ever. Source: trust rule 20.
"""

from collections.abc import Sequence

from qscounty.web.times import format_instant
from reports.exports import words
from reports.exports.layout import Sheet
from reports.exports.package import Part
from reports.exports.pages import Cell, Frame, Table
from reports.exports.remarks import quarter_words
from reports.exports.source import Edition
from reports.exports.styles import COUNT, Look, Styles

HEADINGS = ("序号", "项目", "内容或行数", "文件内部件", "SHA-256校验码")
WIDTHS = (6, 26, 44, 30, 72)
FACTS = 8


def describe_manifest(*, frame: Frame, sheets: int) -> Table:
    """Return the table; it lists every sheet but itself."""
    return Table(
        sheet=Sheet.MANIFEST,
        frame=frame,
        headings=HEADINGS,
        widths=WIDTHS,
        rows=FACTS + sheets - 1,
        is_signed=False,
    )


def list_manifest(
    edition: Edition, styles: Styles, *, parts: Sequence[Part], fingerprint: str, mark: str
) -> list[list[Cell]]:
    """Return the rows: facts first, then the sheets in their order."""
    centred, text, code = styles.number(Look.CENTRED), styles.number(Look.TEXT), styles.number(Look.CODE)
    facts: list[tuple[str, str]] = [
        ("方案代码", edition.programme.code),
        ("报告期", quarter_words(edition.quarter)),
        ("数据口径", _describe_basis(edition)),
        ("数据截至", format_instant(edition.as_of)),
        ("最新填报值编号", str(edition.inputs_revision)),
        ("算法版本", str(edition.rule_version)),
        ("数据性质", mark or "填报数据"),
    ]
    rows = [
        [Cell(centred, place), Cell(text, name), Cell(text, said), Cell(text), Cell(text)]
        for place, (name, said) in enumerate(facts, start=1)
    ]
    rows.append(
        [
            Cell(centred, FACTS),
            Cell(text, "结果指纹"),
            Cell(text, "全部结果的规范文本"),
            Cell(text, words.ABSENT),
            Cell(code, fingerprint),
        ]
    )
    order = {str(sheet): place for place, sheet in enumerate(Sheet)}
    for place, part in enumerate(sorted(parts, key=lambda part: order[part.sheet]), start=FACTS + 1):
        rows.append(
            [
                Cell(centred, place),
                Cell(text, f"工作表“{part.sheet}”"),
                Cell(styles.number(Look.CENTRED, COUNT), part.rows),
                Cell(code, part.name),
                Cell(code, part.sha256),
            ]
        )
    return rows


def _describe_basis(edition: Edition) -> str:
    """Return which figures these are; of an edition, with its anchor in the trail."""
    published = edition.publication
    if published is None:
        return "审核通过（尚未发布）"
    return f"第{published.edition}版发布（{format_instant(published.published_at)}），锚定值{published.anchor}"


def register_styles(styles: Styles) -> None:
    """Ask for every style that the rows will use."""
    for look in (Look.CENTRED, Look.TEXT, Look.CODE):
        styles.number(look)
    styles.number(Look.CENTRED, COUNT)
