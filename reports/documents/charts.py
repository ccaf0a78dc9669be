"""Native charts of documents, as openpyxl writes them, with their numbers in the file: no workbook hangs on them.

Colour never stands alone: the legend names each series, and amber and grey bear a pattern in black and white.
"""

import re
from typing import Any

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumVal, StrData, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series as Drawn
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.xml.functions import tostring

from reports.documents.blocks import Chart, Series

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FONT = Font(typeface="宋体")
_PATTERNS = {"B86E00": ("dkUpDiag", "F3D9A8"), "7B8794": ("pct50", "E4E8EB")}


def write_chart(chart: Chart) -> bytes:
    """Return the XML of the chart's part."""
    drawn = LineChart() if chart.kind == "line" else BarChart()
    _arrange(drawn, chart)
    for series in chart.series:
        drawn.series.append(_draw(chart, series))
    drawn.title = _write_title(chart.title)
    drawn.legend = Legend(legendPos="b") if len(chart.series) > 1 else None
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.delete = False
        axis.title = None
        axis.txPr = _rich(800)
    drawn.y_axis.number_format = "0"
    if chart.maximum is not None:
        drawn.y_axis.scaling.min, drawn.y_axis.scaling.max, drawn.y_axis.majorUnit = 0, chart.maximum, 20
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    return bytes(tostring(drawn._write()))


def _arrange(drawn: Any, chart: Chart) -> None:
    if chart.kind == "line":
        return
    drawn.type = "bar" if chart.kind == "bars" else "col"
    drawn.gapWidth = 60
    if chart.kind == "stacked":
        drawn.grouping, drawn.overlap = "stacked", 100
    if chart.kind == "bars":
        drawn.x_axis.scaling.orientation = "maxMin"


def _draw(chart: Chart, series: Series) -> Drawn:
    names = StrData(
        ptCount=len(chart.categories), pt=[StrVal(idx=n, v=_clean(c)) for n, c in enumerate(chart.categories)]
    )
    known = [NumVal(idx=n, v=repr(v)) for n, v in enumerate(series.values) if v is not None]
    numbers = NumData(formatCode="General", ptCount=len(series.values), pt=known)
    drawn = Drawn(cat=AxDataSource(strLit=names), val=NumDataSource(numLit=numbers))
    drawn.tx = SeriesLabel(v=_clean(series.name))
    drawn.graphicalProperties = _look(chart, series)
    if chart.kind == "line":
        drawn.smooth = False
    if len(chart.series) == 1:
        drawn.dLbls = DataLabelList(showVal=True, numFmt="0" if not chart.decimals else "0." + "0" * chart.decimals)
        drawn.dLbls.txPr = _rich(800)
        for part in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(drawn.dLbls, part, False)
    return drawn


def _look(chart: Chart, series: Series) -> GraphicalProperties:
    if chart.kind == "line":
        return GraphicalProperties(ln=LineProperties(solidFill=series.colour, w=22225))
    if chart.kind == "stacked" and series.colour in _PATTERNS:
        pattern, ground = _PATTERNS[series.colour]
        colours = {"fgClr": ColorChoice(srgbClr=series.colour), "bgClr": ColorChoice(srgbClr=ground)}
        return GraphicalProperties(pattFill=PatternFillProperties(prst=pattern, **colours))
    return GraphicalProperties(solidFill=series.colour)


def _write_title(text: str) -> Title:
    font = CharacterProperties(sz=1050, b=True, ea=_FONT)
    run = Paragraph(pPr=ParagraphProperties(defRPr=font), r=[RegularTextRun(rPr=font, t=_clean(text))])
    return Title(tx=Text(rich=RichText(p=[run])), overlay=False)


def _rich(size: int) -> RichText:
    font = CharacterProperties(sz=size, ea=_FONT)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=font), r=[], endParaRPr=font)])


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)
