"""The model that needs no key: it routes a message, reads its slots, calls tools and words what they returned.

It never invents: it quotes, fills, asks or hands over.
"""
