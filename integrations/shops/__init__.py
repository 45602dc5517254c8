"""Reading other systems' shops: what they export becomes our nouns. They know nothing above the nouns."""
