"""Slack: the operator's desk. The one home of slack_bolt and slack_sdk."""
