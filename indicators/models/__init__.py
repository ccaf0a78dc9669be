"""Programmes and their targets, figures and submissions, results and the requests to recompute them."""

from indicators.models.allocation import Allocation, Series
from indicators.models.approved_figure import ApprovedFigure, Origin, Source
from indicators.models.attainment import Attainment, ResultState
from indicators.models.benchmark_figure import BenchmarkFigure
from indicators.models.carried_denominator import CarriedDenominator
from indicators.models.check_mark import CheckMark
from indicators.models.clause import Clause
from indicators.models.evidence import Evidence, FileKind
from indicators.models.extension import Extension
from indicators.models.figure import Figure
from indicators.models.idempotency_key import IdempotencyKey
from indicators.models.indicator import Indicator
from indicators.models.left_out import LeftOut
from indicators.models.notice import Notice, NoticeKind
from indicators.models.programme import Programme
from indicators.models.recompute_request import RecomputeRequest
from indicators.models.remark import Remark
from indicators.models.reporting_quarter import ReportingQuarter
from indicators.models.reward_rule import RewardRule
from indicators.models.rollup import RollUp
from indicators.models.submission import Submission
from indicators.models.target import Target, TargetDepartment
from indicators.models.threshold import Threshold
from indicators.models.typed_text import TypedText
from indicators.models.workbook_upload import UploadState, WorkbookUpload

__all__ = [
    "Allocation",
    "ApprovedFigure",
    "Attainment",
    "BenchmarkFigure",
    "CarriedDenominator",
    "CheckMark",
    "Clause",
    "Evidence",
    "Extension",
    "Figure",
    "FileKind",
    "IdempotencyKey",
    "Indicator",
    "LeftOut",
    "Notice",
    "NoticeKind",
    "Origin",
    "Programme",
    "RecomputeRequest",
    "Remark",
    "ReportingQuarter",
    "ResultState",
    "RewardRule",
    "RollUp",
    "Series",
    "Source",
    "Submission",
    "Target",
    "TargetDepartment",
    "Threshold",
    "TypedText",
    "UploadState",
    "WorkbookUpload",
]
