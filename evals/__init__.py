"""How good the assistant is: labelled messages, scorers, runs, reports."""
