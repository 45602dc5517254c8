"""Campaign copy from a product's facts: ads, scripts, mails, posts, each within its channel's limits."""
