"""Checking what a text claims of goods against the rules of the places it is shown in."""

from tools.claims.check import check_claims
from tools.claims.evidence import Evidence

__all__ = ["Evidence", "check_claims"]
