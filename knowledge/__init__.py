"""What the assistant knows: the nouns of trade, the port to a shop, and documents made findable.

Nothing here talks to a model, a channel or a network.
"""
