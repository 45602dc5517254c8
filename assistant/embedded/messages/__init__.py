"""The embedded model's words, by gettext: a catalogue a language, English in the code."""
