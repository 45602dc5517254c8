"""Holding a text against what is attested of a product: figures, codes, marks, makers' names."""
