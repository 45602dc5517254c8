"""What a customer or the shop's staff may do to an order, and by which rule: requests, policy as data, rules."""
