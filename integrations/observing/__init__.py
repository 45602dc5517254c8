"""Those who watch turns: the log, metrics, spans. What happened comes as data (assistant/tracing.py)."""
