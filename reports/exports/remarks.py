"""What stands under 备注: what is missing, what is marked, what the department said, and where a figure is from."""

from dataclasses import dataclass, field

from indicators.engine.period import Quarter
from indicators.engine.reasons import missing_quarters
from indicators.engine.target import Accumulation, Basis, Comparator, Flag, Gap, Input
from qscounty.web.formats import format_number
from reports.exports import words
from reports.exports.figures import Published
from reports.exports.source import Edition, Result, TargetFacts

YEAR = 4  # quarters
_NUMBERS = "一二三四"


def quarter_words(quarter: Quarter) -> str:
    """Return 2018年三季度."""
    return f"{quarter.year}年{_NUMBERS[quarter.number - 1]}季度"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """Everything beside the results that a remark may name; `explanations` and `published` go by series."""

    edition: Edition
    explanations: dict[int, str]
    published: dict[int, list[Published]]
    sources: list[tuple[str, str]] = field(default_factory=list)

    def of(self, result: Result, facts: TargetFacts) -> str:
        """Return the remark of one result, empty where there is nothing to say."""
        said = [
            words.DEMONSTRATION if result.is_demonstration else "",
            "演示分解目标" if result.is_decomposed_for_show else "",
            self._bounds(result),
            words.INPUTS.get(Input(result.gap_input), "") if result.gap != Gap.NOT_REPORTED else "",
            *self._flags(result),
            self._missing(result),
            self._explain(result),
            self._sources(result, facts),
        ]
        return "；".join(text.rstrip("。；") for text in said if text)

    def _explain(self, result: Result) -> str:
        """Return what the department said; the mark of demonstration data is not said twice."""
        said = self.explanations.get(result.series_id, "")
        return said.removeprefix(f"{words.DEMONSTRATION}：") if result.is_demonstration else said

    @staticmethod
    def _bounds(result: Result) -> str:
        if result.comparator != Comparator.BETWEEN or result.level is None or result.level_hi is None:
            return ""
        return f"目标为{format_number(result.level)}～{format_number(result.level_hi)}"

    @staticmethod
    def _flags(result: Result) -> list[str]:
        flags = Flag(result.flags)
        return [word for flag, word in words.FLAGS.items() if flag in flags and flag is not Flag.INCOMPLETE]

    def _missing(self, result: Result) -> str:
        if not Flag(result.flags) & Flag.INCOMPLETE:
            return ""
        ordinals = missing_quarters(result.missing, quarter=self.edition.quarter.ordinal)
        named = [quarter_words(Quarter(ordinal)) for ordinal in ordinals[-YEAR:]]
        more = "等" if len(ordinals) > YEAR else ""
        return f"{words.FLAGS[Flag.INCOMPLETE]}：{'、'.join(named)}{more}" if named else ""

    def _sources(self, result: Result, facts: TargetFacts) -> str:
        """Name the publications that the value was taken from, by their number on the sheet of sources."""
        found = [
            self.sources.index((figure.title, figure.address)) + 1
            for figure in self.published.get(result.series_id, ())
            if self._is_used(figure.quarter, result, facts)
        ]
        return "公开数据，来源" + "、".join(f"［{number}］" for number in sorted(set(found))) if found else ""

    def _is_used(self, quarter: Quarter, result: Result, facts: TargetFacts) -> bool:
        first, last = result.window_start, self.edition.quarter
        if facts.target.accumulation == Accumulation.LAST:
            first = last
        shifts = (0, YEAR) if facts.target.basis == Basis.GROWTH else (0,)
        return any(first - shift <= quarter <= last - shift for shift in shifts)


def gather_remarks(edition: Edition, *, explanations: dict[int, str], published: list[Published]) -> Remarks:
    """Return the remarks of an edition; sources are numbered in the order in which they first appear."""
    by_series: dict[int, list[Published]] = {}
    for figure in published:
        by_series.setdefault(figure.series_id, []).append(figure)
    sources = list(dict.fromkeys((figure.title, figure.address) for figure in published))
    return Remarks(edition=edition, explanations=explanations, published=by_series, sources=sources)
