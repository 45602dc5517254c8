"""Localizing: facts protected from the model and restored in the locale's form, and checks of what comes back."""
