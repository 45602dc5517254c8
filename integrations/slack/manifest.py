"""The app's manifest: what is asked of a workspace, and no more."""

from __future__ import annotations

from typing import Any

SCOPES = (
    "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands",
    "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:write", "reactions:write",
    "users:read",
)  # fmt: skip
"""Histories are needed for threads without a mention, and to see whether a message whose answer was lost is there;
`channels:read`, `groups:read` and `users:read` to know who reads a channel. Files are written
where a job has a result or a shopper sent one, and read where a colleague sends one to a shopper; e-mail addresses are
not asked for.
"""

EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "member_joined_channel", "message.channels", "message.groups",
    "message.im", "tokens_revoked",
)  # fmt: skip

SHORTCUTS = (
    ("Draft a reply to this", "draft_reply", "Drafts an answer with its sources; only you see it"),
    ("Check this copy", "check_copy", "Says which claims may not be made"),
    ("Add to knowledge base", "add_knowledge", "Makes an entry's draft of it"),
)


def manifest(address: str = "", socket: bool = False) -> dict[str, Any]:
    """The manifest for a server's public address, or for Socket Mode."""
    events, interactivity = {"bot_events": list(EVENTS)}, {"is_enabled": True}
    command = {
        "command": "/dragoman", "description": "Ask, look up orders, see what waits",
        "usage_hint": "ask QUESTION | order NUMBER | approvals | handoffs | help", "should_escape": False,
    }  # fmt: skip
    told: dict[str, Any] = {
        "display_information": {"name": "Dragoman", "description": "The shop's assistant, at the operator's desk"},
        "features": {
            "app_home": {
                "home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False,
            },
            "agent_view": {"agent_description": "Answers from the shop's own policies, products and orders."},
            "bot_user": {"display_name": "Dragoman", "always_online": True},
            "slash_commands": [command],
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": callback, "description": about}
                for name, callback, about in SHORTCUTS
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events, "interactivity": interactivity, "org_deploy_enabled": False,
            "socket_mode_enabled": socket, "token_rotation_enabled": False,
        },
    }  # fmt: skip
    if address and not socket:
        url = f"{address.rstrip('/')}/slack/events"
        events["request_url"] = interactivity["request_url"] = command["url"] = url  # type: ignore[assignment]
        told["oauth_config"]["redirect_urls"] = [f"{address.rstrip('/')}/slack/oauth_redirect"]
    return told
