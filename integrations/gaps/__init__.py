"""Questions nobody could answer: found, grouped, drafted and decided on."""
