"""Native charts over the roll-up sheets: they redraw when an input changes, in every program.

Colour never stands alone: the legend names the rating, and the fills differ in black and white too.
"""

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports.layout import FIRST_ROW, HEADER_ROW
from reports.exports.rollups import LETTERS, PRINTED, RollUpPlan, count_chart_rows
from reports.exports.styles import AMBER, AMBER_SOFT, BLUE, GREEN, GREY, RED

ROWS_HIGH = 13
"""Rows of the summary that a chart covers."""
MOST_LABELLED = 25
_NAME_COLUMN = 2
_TITLE_SIZE, _LABEL_SIZE = 1100, 800  # hundredths of a point
_SERIES = (("green", GREEN, ""), ("amber", AMBER, "dkUpDiag"), ("red", RED, ""), ("not_reported", GREY, "pct25"))


def chart_ratings(sheet: Worksheet, plan: RollUpPlan, *, title: str) -> BarChart:
    """Return stacked bars of what is due: one bar a line of the roll-up sheet `sheet`, without its total."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 50
    for key, colour, pattern in _SERIES:
        chart.series.append(_draw(sheet, plan, key, fill=_fill(colour, pattern)))
    _dress(chart, sheet, plan, title=title)
    chart.legend.position = "b"
    chart.x_axis.scaling.orientation = "maxMin"  # the first line on top, as in the table
    chart.y_axis.crosses = "max"  # and the numbers below
    return chart


def chart_scores(sheet: Worksheet, plan: RollUpPlan, *, title: str) -> BarChart:
    """Return columns of the scores, one a line of the roll-up sheet `sheet`, without totals at its end."""
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60
    series = _draw(sheet, plan, "score", fill=_fill(BLUE, ""))
    if len(plan.lines) <= MOST_LABELLED:
        series.dLbls = DataLabelList(showVal=True, numFmt="0.0")
        for part in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(series.dLbls, part, False)
    chart.series.append(series)
    _dress(chart, sheet, plan, title=title)
    chart.legend = None
    chart.y_axis.scaling.min = 0
    if series.dLbls is None:
        chart.y_axis.scaling.max = 100  # labels need the room above
    return chart


def add_below(sheet: Worksheet, plan: RollUpPlan, *, title: str, is_score: bool = False) -> None:
    """Add the chart of a roll-up sheet below its table, where it has one."""
    high = count_chart_rows(plan)
    if high:
        chart = (chart_scores if is_score else chart_ratings)(sheet, plan, title=title)
        top = FIRST_ROW + len(plan.lines) + 2
        place(sheet, chart, first=(1, top), last=(PRINTED, top + high - 2))


def place(sheet: Worksheet, chart: BarChart, *, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Add a chart over the cells from `first` to `last`, as (column, row) counted from 1, the last ones included."""
    corners = [AnchorMarker(col=column, row=row) for column, row in ((first[0] - 1, first[1] - 1), last)]
    chart.anchor = TwoCellAnchor(editAs="oneCell", _from=corners[0], to=corners[1])
    sheet.add_chart(chart)


def _write_title(text: str) -> Title:
    font = CharacterProperties(sz=_TITLE_SIZE, b=True)
    run = Paragraph(pPr=ParagraphProperties(defRPr=font), r=[RegularTextRun(rPr=font, t=text)])
    return Title(tx=Text(rich=RichText(p=[run])), overlay=False)


def _dress(chart: BarChart, sheet: Worksheet, plan: RollUpPlan, *, title: str) -> None:
    chart.set_categories(Reference(sheet, min_col=_NAME_COLUMN, min_row=FIRST_ROW, max_row=_last_bar(plan)))
    chart.title = _write_title(title)
    # Programs differ in what an axis means that says nothing about its deletion.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblSkip = 1  # every bar has its name, however close they stand
    font = CharacterProperties(sz=_LABEL_SIZE)
    chart.x_axis.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=font), endParaRPr=font)])
    chart.y_axis.number_format = "0"
    chart.y_axis.majorGridlines = None


def _draw(sheet: Worksheet, plan: RollUpPlan, key: str, *, fill: GraphicalProperties) -> Series:
    letter = LETTERS[key]
    column = column_index_from_string(letter)
    series = Series(Reference(sheet, min_col=column, min_row=FIRST_ROW, max_row=_last_bar(plan)))
    series.tx = SeriesLabel(strRef=StrRef(f"'{plan.sheet}'!${letter}${HEADER_ROW}"))
    series.graphicalProperties = fill
    return series


def _last_bar(plan: RollUpPlan) -> int:
    """Return the last row that is drawn: a total at the end is left out."""
    bars = len(plan.lines) - (plan.lines[-1].is_total and len(plan.lines) > 1)
    return FIRST_ROW + bars - 1


def _fill(colour: str, pattern: str) -> GraphicalProperties:
    if not pattern:
        return GraphicalProperties(solidFill=colour)
    ink, ground = ColorChoice(srgbClr=colour), ColorChoice(srgbClr=AMBER_SOFT if colour == AMBER else "FFFFFF")
    return GraphicalProperties(pattFill=PatternFillProperties(prst=pattern, fgClr=ink, bgClr=ground))
