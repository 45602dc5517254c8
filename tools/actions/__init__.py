"""Acting on orders: identify, authorize, check the policy, quote, confirm, approve, execute, record."""
