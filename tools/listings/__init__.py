"""Listings: checked by the channel's rules and by the product's facts, written from facts, audited on a date."""
