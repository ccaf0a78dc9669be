"""Reward rules: which award brings how much. Kept beside the targets, never as targets."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.clause import Clause
from indicators.models.programme import Programme
from qscounty.web.language import in_page_language


class RewardRule(models.Model):
    """A fixed amount, or a share of a base by bands. Amounts in yuan, shares in per cent."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="reward_rules", verbose_name=_("programme"))
    code = models.SlugField(_("code"), max_length=60)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="reward_rules", verbose_name=_("clause"))
    award_zh = models.CharField(_("Chinese award"), max_length=400)
    award_en = models.CharField(_("English award"), max_length=400)
    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=2, null=True, blank=True)
    minimum_base = models.DecimalField(_("minimum base"), max_digits=20, decimal_places=2, null=True, blank=True)
    base_zh = models.CharField(_("Chinese base"), max_length=200, blank=True)
    base_en = models.CharField(_("English base"), max_length=200, blank=True)
    tiers = models.JSONField(_("bands"), default=list, blank=True)
    quote = models.CharField(_("words of the rule"), max_length=25)
    doubt_zh = models.TextField(_("Chinese doubt"), blank=True)
    doubt_en = models.TextField(_("English doubt"), blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("reward rule")
        verbose_name_plural = _("reward rules")
        ordering = ["programme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="rewardrule_code_unique"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=False) | ~models.Q(tiers=[]),
                name="rewardrule_amount_or_bands",
            ),
        ]

    @property
    def award(self) -> str:
        """The award in the language of the page."""
        return in_page_language(self.award_zh, self.award_en)
