"""The parser of typed numbers: every form is read exactly or refused by name (trust rules 17 and 18, T41, T45)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.number_refusals import Refusal
from indicators.engine.numbers import LONGEST_TEXT, NumberRead, NumberUnit, fit, read_number

COUNT, MEASURE, SHARE = NumberUnit.COUNT, NumberUnit.MEASURE, NumberUnit.SHARE
PERCENT, PER_MILLE = NumberUnit.PERCENT, NumberUnit.PER_MILLE

READ = [
    # plain
    ("0", COUNT, "0"),
    ("7", COUNT, "7"),
    ("007", COUNT, "7"),
    ("+5", COUNT, "5"),
    ("-5", COUNT, "-5"),
    ("12.5", MEASURE, "12.5"),
    ("-12.50", MEASURE, "-12.5"),
    (".5", MEASURE, "0.5"),
    ("-.5", MEASURE, "-0.5"),
    ("0.000001", MEASURE, "0.000001"),
    ("1.0000000", MEASURE, "1"),
    ("100", COUNT, "100"),
    ("99999999999999.999999", MEASURE, "99999999999999.999999"),
    ("00000000000000000000012", COUNT, "12"),
    # T41: full-width, and only what is folded
    ("１２３", COUNT, "123"),
    ("１２３．５", MEASURE, "123.5"),
    ("－５", COUNT, "-5"),
    ("＋５", COUNT, "5"),
    ("1２3", COUNT, "123"),
    ("９５％", PERCENT, "95"),
    ("１，２３４", COUNT, "1234"),
    # T41: thousands in groups of three
    ("1,234", COUNT, "1234"),
    ("1，234", COUNT, "1234"),
    ("1,234,567", COUNT, "1234567"),
    ("-1,234.5", MEASURE, "-1234.5"),
    ("999,999", COUNT, "999999"),
    ("1\u00a0234", COUNT, "1234"),
    ("1\u2009862", COUNT, "1862"),
    ("1\u202f234\u202f567", COUNT, "1234567"),
    # T41: blanks around
    (" 5 ", COUNT, "5"),
    ("\t5\r\n", COUNT, "5"),
    ("\u30005\u3000", COUNT, "5"),
    ("\u00a05", COUNT, "5"),
    # T41: parts of a whole, by the indicator's unit
    ("95%", PERCENT, "95"),
    ("95 %", PERCENT, "95"),
    ("95\u202f%", PERCENT, "95"),
    ("95", PERCENT, "95"),
    ("0.95", PERCENT, "0.95"),
    ("0%", PERCENT, "0"),
    ("100.00%", PERCENT, "100"),
    ("-2.5%", PERCENT, "-2.5"),
    ("1,050%", PERCENT, "1050"),
    ("95%", SHARE, "0.95"),
    ("95", SHARE, "95"),
    ("0.95", SHARE, "0.95"),
    ("7%", SHARE, "0.07"),
    ("0.1‰", SHARE, "0.0001"),
    ("950‰", PERCENT, "95"),
    ("0.1‰", PERCENT, "0.01"),
    ("0.1‰", PER_MILLE, "0.1"),
    ("0.1%", PER_MILLE, "1"),
    ("0.1", PER_MILLE, "0.1"),
    # 万 and 亿 of plain units
    ("3万", COUNT, "30000"),
    ("1.5万", COUNT, "15000"),
    ("１．５万", COUNT, "15000"),
    ("1.23456789万", COUNT, "12345.6789"),
    ("0.00001万", COUNT, "0.1"),
    ("1,234万", COUNT, "12340000"),
    ("2.5亿", COUNT, "250000000"),
    ("2.5 亿", COUNT, "250000000"),
    ("-3万", COUNT, "-30000"),
    ("0万", COUNT, "0"),
]

EMPTY = [None, "", " ", "\t", "\r\n", "\u3000", "\u00a0\u202f ", "\u2009"]

REFUSED = [
    # T41, each form of the case
    ("12²", COUNT, Refusal.SUPERSCRIPT, "²", 2),
    ("H₂", COUNT, Refusal.SUPERSCRIPT, "₂", 1),
    ("½", MEASURE, Refusal.FRACTION, "½", 0),
    ("1½", MEASURE, Refusal.FRACTION, "½", 1),
    ("1/2", MEASURE, Refusal.FRACTION, "1/2", 0),
    ("１／２", MEASURE, Refusal.FRACTION, "１／２", 0),
    ("1⁄2", MEASURE, Refusal.FRACTION, "1⁄2", 0),
    ("百分之95", PERCENT, Refusal.FRACTION, "百分之", 0),
    ("一百", COUNT, Refusal.CHINESE_NUMERAL, "一百", 0),
    ("二〇一八", COUNT, Refusal.CHINESE_NUMERAL, "二〇一八", 0),
    ("2千", COUNT, Refusal.CHINESE_NUMERAL, "千", 1),
    ("1万2千", COUNT, Refusal.CHINESE_NUMERAL, "千", 3),
    ("3萬", COUNT, Refusal.CHINESE_NUMERAL, "萬", 1),
    ("九成", PERCENT, Refusal.CHINESE_NUMERAL, "九", 0),
    ("9成", PERCENT, Refusal.CHINESE_NUMERAL, "成", 1),
    ("(5)", COUNT, Refusal.PARENTHESES, "(", 0),
    ("（5）", COUNT, Refusal.PARENTHESES, "（", 0),
    ("−5", COUNT, Refusal.OTHER_SIGN, "−", 0),
    ("–5", COUNT, Refusal.OTHER_SIGN, "–", 0),
    ("—5", COUNT, Refusal.OTHER_SIGN, "—", 0),
    ("﹣5", COUNT, Refusal.OTHER_SIGN, "﹣", 0),
    ("±5", COUNT, Refusal.OTHER_SIGN, "±", 0),
    ("5－", COUNT, Refusal.TRAILING_SIGN, "－", 1),
    ("5-", COUNT, Refusal.TRAILING_SIGN, "-", 1),
    ("5 +", COUNT, Refusal.TRAILING_SIGN, " +", 1),
    ("95%-", PERCENT, Refusal.TRAILING_SIGN, "-", 3),
    ("--5", COUNT, Refusal.TWO_SIGNS, "--", 0),
    ("+-5", COUNT, Refusal.TWO_SIGNS, "+-", 0),
    ("12 3", COUNT, Refusal.SPACE_INSIDE, " ", 2),
    ("1 234", COUNT, Refusal.SPACE_INSIDE, " ", 1),
    ("100 200", COUNT, Refusal.SPACE_INSIDE, " ", 3),
    ("12\u30003", COUNT, Refusal.SPACE_INSIDE, "\u3000", 2),
    ("12\n3", COUNT, Refusal.SPACE_INSIDE, "\n", 2),
    ("- 5", COUNT, Refusal.SPACE_INSIDE, " ", 1),
    ("12\u00a03", COUNT, Refusal.SPACE_INSIDE, "\u00a0", 2),
    ("1\u00a0234\u202f567", COUNT, Refusal.SPACE_INSIDE, "\u00a0", 1),
    ("95  %", PERCENT, Refusal.SPACE_INSIDE, "  ", 2),
    ("\u200b5", COUNT, Refusal.INVISIBLE, "\u200b", 0),
    ("5\u200b", COUNT, Refusal.INVISIBLE, "\u200b", 1),
    ("1\u200d2", COUNT, Refusal.INVISIBLE, "\u200d", 1),
    ("\ufeff5", COUNT, Refusal.INVISIBLE, "\ufeff", 0),
    ("\u202e59", COUNT, Refusal.INVISIBLE, "\u202e", 0),
    ("\u2066\u20675", COUNT, Refusal.INVISIBLE, "\u2066\u2067", 0),
    ("5\x00", COUNT, Refusal.INVISIBLE, "\x00", 1),
    ("1\xad2", COUNT, Refusal.INVISIBLE, "\xad", 1),
    ("#DIV/0!", COUNT, Refusal.ERROR_VALUE, "#DIV/0!", 0),
    ("#N/A", COUNT, Refusal.ERROR_VALUE, "#N/A", 0),
    ("#REF!", COUNT, Refusal.ERROR_VALUE, "#REF!", 0),
    ("#VALUE!", COUNT, Refusal.ERROR_VALUE, "#VALUE!", 0),
    ("####", COUNT, Refusal.ERROR_VALUE, "####", 0),
    # rule 17: what else programs read and people do not mean
    ("1_000", COUNT, Refusal.UNDERSCORE, "_", 1),
    ("1e3", COUNT, Refusal.EXPONENT, "e3", 1),
    ("1.5E+10", COUNT, Refusal.EXPONENT, "E+10", 3),
    ("1e-3", MEASURE, Refusal.EXPONENT, "e-3", 1),
    ("1e400", MEASURE, Refusal.EXPONENT, "e400", 1),
    ("٣", COUNT, Refusal.OTHER_DIGITS, "٣", 0),
    ("१२", COUNT, Refusal.OTHER_DIGITS, "१२", 0),
    ("𝟏𝟐", COUNT, Refusal.OTHER_DIGITS, "𝟏𝟐", 0),
    ("③", COUNT, Refusal.OTHER_DIGITS, "③", 0),
    ("Ⅳ", COUNT, Refusal.OTHER_DIGITS, "Ⅳ", 0),
    ("=1+2", COUNT, Refusal.FORMULA, "=1+2", 0),
    ("＝1", COUNT, Refusal.FORMULA, "＝1", 0),
    # T45
    ("NaN", MEASURE, Refusal.NOT_FINITE, "NaN", 0),
    ("-inf", MEASURE, Refusal.NOT_FINITE, "inf", 1),
    ("Infinity", MEASURE, Refusal.NOT_FINITE, "Infinity", 0),
    ("∞", MEASURE, Refusal.NOT_FINITE, "∞", 0),
    ("-0", COUNT, Refusal.NEGATIVE_ZERO, "-0", 0),
    ("-0.00", MEASURE, Refusal.NEGATIVE_ZERO, "-0.00", 0),
    ("-0%", PERCENT, Refusal.NEGATIVE_ZERO, "-0%", 0),
    ("1" * 40, COUNT, Refusal.TOO_LARGE, "1" * 40, 0),
    ("100000000000000", COUNT, Refusal.TOO_LARGE, "100000000000000", 0),
    ("1000000亿", COUNT, Refusal.TOO_LARGE, "1000000亿", 0),
    ("0.1234567", MEASURE, Refusal.TOO_MANY_DECIMALS, "0.1234567", 0),
    ("95.12345%", SHARE, Refusal.TOO_MANY_DECIMALS, "95.12345%", 0),
    ("0.00000000001万", COUNT, Refusal.TOO_MANY_DECIMALS, "0.00000000001万", 0),
    ("9" * (LONGEST_TEXT + 1), COUNT, Refusal.TOO_LONG, "9" * LONGEST_TEXT, 0),
    # groups and points
    ("12,3", COUNT, Refusal.BAD_GROUPS, ",3", 2),
    ("12，3", COUNT, Refusal.BAD_GROUPS, "，3", 2),
    ("1,23,456", COUNT, Refusal.BAD_GROUPS, ",23,456", 1),
    ("1,2345", COUNT, Refusal.BAD_GROUPS, ",2345", 1),
    ("1234,567", COUNT, Refusal.BAD_GROUPS, ",567", 4),
    ("0,123", COUNT, Refusal.BAD_GROUPS, ",123", 1),
    ("012,345", COUNT, Refusal.BAD_GROUPS, ",345", 3),
    ("1.234,5", MEASURE, Refusal.BAD_GROUPS, ",5", 5),
    ("1,234 567", COUNT, Refusal.BAD_GROUPS, ",234 567", 1),
    (",123", COUNT, Refusal.BAD_GROUPS, ",123", 0),
    ("1,234,", COUNT, Refusal.BAD_GROUPS, ",234,", 1),
    ("1.2.3", MEASURE, Refusal.TWO_POINTS, "2.", 2),
    ("1..2", MEASURE, Refusal.TWO_POINTS, ".", 2),
    ("5.", MEASURE, Refusal.TRAILING_POINT, ".", 1),
    ("５．", MEASURE, Refusal.TRAILING_POINT, "．", 1),
    ("12。5", MEASURE, Refusal.OTHER_POINT, "。", 2),
    ("12·5", MEASURE, Refusal.OTHER_POINT, "·", 2),
    ("1'234", COUNT, Refusal.OTHER_POINT, "'", 1),
    ("12:30", COUNT, Refusal.OTHER_POINT, ":", 2),
    ("1、2", COUNT, Refusal.OTHER_POINT, "、", 1),
    # more or less than one number
    ("1-3", COUNT, Refusal.RANGE, "-", 1),
    ("5～8", COUNT, Refusal.RANGE, "～", 1),
    ("90%—95%", PERCENT, Refusal.RANGE, "—", 3),
    ("3至5", COUNT, Refusal.RANGE, "至", 1),
    ("2018-03-31", COUNT, Refusal.RANGE, "-", 4),
    (">95", PERCENT, Refusal.COMPARISON, ">", 0),
    ("≥95", PERCENT, Refusal.COMPARISON, "≥", 0),
    ("约95", PERCENT, Refusal.COMPARISON, "约", 0),
    ("95以上", PERCENT, Refusal.COMPARISON, "以上", 2),
    ("95左右", PERCENT, Refusal.COMPARISON, "左右", 2),
    ("不低于95", PERCENT, Refusal.COMPARISON, "不低于", 0),
    ("¥5", COUNT, Refusal.CURRENCY, "¥", 0),
    ("$5", COUNT, Refusal.CURRENCY, "$", 0),
    # units
    ("95%", COUNT, Refusal.PERCENT_ELSEWHERE, "%", 2),
    ("９５％", MEASURE, Refusal.PERCENT_ELSEWHERE, "％", 2),
    ("1‰", COUNT, Refusal.PERCENT_ELSEWHERE, "‰", 1),
    ("3万", MEASURE, Refusal.MAGNITUDE_ELSEWHERE, "万", 1),
    ("3 亿", PERCENT, Refusal.MAGNITUDE_ELSEWHERE, "亿", 2),
    ("95%%", PERCENT, Refusal.UNIT_TWICE, "%", 3),
    ("5万亿", COUNT, Refusal.UNIT_TWICE, "亿", 2),
    ("5万%", COUNT, Refusal.UNIT_TWICE, "%", 2),
    ("%95", PERCENT, Refusal.NOT_A_NUMBER, "%95", 0),
    ("12件", COUNT, Refusal.TEXT_AFTER, "件", 2),
    (" 12 件", COUNT, Refusal.TEXT_AFTER, "件", 4),
    ("3月", COUNT, Refusal.TEXT_AFTER, "月", 1),
    ("0x1F", COUNT, Refusal.TEXT_AFTER, "x1F", 1),
    ("3万元", COUNT, Refusal.TEXT_AFTER, "元", 2),
    ("5+3", COUNT, Refusal.TEXT_AFTER, "+3", 1),
    # absence in words is not a figure
    ("-", COUNT, Refusal.PLACEHOLDER, "-", 0),
    ("—", COUNT, Refusal.PLACEHOLDER, "—", 0),
    (" / ", COUNT, Refusal.PLACEHOLDER, "/", 1),
    ("无", COUNT, Refusal.PLACEHOLDER, "无", 0),
    ("N/A", COUNT, Refusal.PLACEHOLDER, "N/A", 0),
    ("null", COUNT, Refusal.PLACEHOLDER, "null", 0),
    ("abc", COUNT, Refusal.NOT_A_NUMBER, "abc", 0),
    ("已完成", COUNT, Refusal.NOT_A_NUMBER, "已完成", 0),
    ("万", COUNT, Refusal.NOT_A_NUMBER, "万", 0),
    ("-.", COUNT, Refusal.NOT_A_NUMBER, "-.", 0),
]


def test_the_tables_hold_at_least_120_forms():
    assert len(READ) + len(EMPTY) + len(REFUSED) >= 120


@pytest.mark.parametrize(("text", "unit", "value"), READ, ids=lambda value: repr(value))
def test_a_number_is_read_exactly(text, unit, value):
    read = read_number(text, unit=unit)
    assert read == NumberRead(value=Decimal(value))
    assert str(read.value) == value  # the plain form: no exponent, no zeros at the end


@pytest.mark.parametrize("text", EMPTY, ids=repr)
def test_a_blank_field_is_empty_and_not_zero(text):
    read = read_number(text, unit=COUNT)
    assert read.is_empty
    assert read.value is None


@pytest.mark.parametrize(("text", "unit", "refusal", "piece", "place"), REFUSED, ids=lambda value: repr(value))
def test_a_form_is_refused_with_its_piece_and_place(text, unit, refusal, piece, place):
    read = read_number(text, unit=unit)
    assert (read.refusal, read.piece, read.place) == (refusal, piece, place)
    assert read.value is None
    assert not read.is_empty


def test_every_refusal_of_typed_text_occurs_in_the_table():
    only_cells = {Refusal.NONE, Refusal.NOT_NUMERIC_CELL, Refusal.SCALED_FORMAT}
    assert {refusal for _, _, refusal, _, _ in REFUSED} == set(Refusal) - only_cells


decimals = st.decimals(-(10**14) + 1, 10**14 - 1, places=6, allow_nan=False, allow_infinity=False)


@given(value=decimals, unit=st.sampled_from(NumberUnit))
def test_what_is_written_out_is_read_back(value, unit):
    value = abs(value) if value == 0 else value
    assert read_number(f"{value:f}", unit=unit).value == value
    assert read_number(f"{value:,f}", unit=unit).value == value
    assert read_number(f"{value:,f}".replace(",", "\u2009"), unit=unit).value == value


@given(value=st.decimals(0, 10**6, places=2))
def test_percent_is_one_hundredth_of_the_pure_share(value):
    percent = read_number(f"{value}%", unit=PERCENT).value
    share = read_number(f"{value}%", unit=SHARE).value
    assert percent == value
    assert share * 100 == value


@given(text=st.text(max_size=80), unit=st.sampled_from(NumberUnit))
def test_any_text_is_read_or_refused_and_nothing_raises(text, unit):
    read = read_number(text, unit=unit)
    assert (read.value is None) or read.refusal is Refusal.NONE
    assert text[read.place : read.place + len(read.piece)] == read.piece
    if read.value is not None:
        assert abs(read.value) < 10**14
        assert read.value == round(read.value, 6)


@given(text=st.text(alphabet="0123456789.,-+%万亿 １２\u00a0eE/()", max_size=12), unit=st.sampled_from(NumberUnit))
def test_a_value_holds_only_digits_that_were_typed(text, unit):
    """Whatever is read, its digits are the typed digits in their order, with zeros added or dropped at the ends."""
    read = read_number(text, unit=unit)
    if read.value:
        typed = "".join(str(int(character)) for character in text if character.isdecimal()).strip("0")
        assert "".join(filter(str.isdigit, str(read.value))).strip("0") == typed


@pytest.mark.parametrize(
    ("value", "fitted"),
    [
        pytest.param("99999999999999.999999", "99999999999999.999999", id="rule 18: the largest of numeric(20,6)"),
        pytest.param("1E+2", "100", id="rule 17: no exponent"),
        pytest.param("1E+14", Refusal.TOO_LARGE, id="rule 18: one digit too many before the point"),
        pytest.param("1E-6", "0.000001", id="rule 18: the smallest step"),
        pytest.param("1E-7", Refusal.TOO_MANY_DECIMALS, id="rule 18: one digit too many after the point"),
        pytest.param("1E-400", Refusal.TOO_MANY_DECIMALS, id="T45: tiny"),
        pytest.param("1E+400", Refusal.TOO_LARGE, id="T45: huge"),
        pytest.param("-0", Refusal.NEGATIVE_ZERO, id="T45: minus zero"),
        pytest.param("0E-9", "0", id="zero has no decimals"),
    ],
)
def test_fit_keeps_to_the_column_of_the_database(value, fitted):
    result = fit(Decimal(value))
    assert result is fitted if isinstance(fitted, Refusal) else str(result) == fitted
