"""Which of two stored wordings a page shows."""

from django.utils.translation import get_language


def in_page_language(chinese: str, english: str) -> str:
    """Return the wording for the active language; Chinese where none is active or English is missing."""
    is_chinese = (get_language() or "zh").startswith("zh")
    return chinese if is_chinese or not english else english
