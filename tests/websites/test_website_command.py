"""`tellback website …`: an origin goes in, the tag comes out."""

import pytest
from click.testing import CliRunner, Result

from tellback import cli, config
from tellback.errors import InvalidInput, NotFound
from tellback.organisations import catalogue
from tellback.organisations.catalogue import UnknownService
from tellback.stories import topics
from tellback.websites.models import Website


@pytest.fixture(autouse=True)
def environment(database: str, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLBACK_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TELLBACK_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TELLBACK_OPERATOR", settings.operator)
    monkeypatch.setenv("TELLBACK_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("TELLBACK_CONTACT_KEY", settings.contact_key[0])
    monkeypatch.setenv("TELLBACK_LEDGER_KEY", settings.ledger_key[0])
    monkeypatch.setenv("TELLBACK_PUBLIC_URL", "https://stories.example")


def website(*words: str) -> Result:
    return CliRunner().invoke(cli.tellback, ["website", *words], catch_exceptions=False)


def test_it_prints_the_key_the_tag_and_what_strict_pages_need() -> None:
    catalogue.add("St Elsewhere", kind="hospital")
    said = website(
        "add",
        "St Elsewhere",
        "--origin",
        "https://www.st-elsewhere.example",
        "--service",
        "local-st-elsewhere",
    ).stdout
    assert f"site key: {Website.get().site_key}\n" in said
    assert '<script src="https://stories.example/v1/stories.js" async></script>\n' in said
    assert '<patient-stories service="local-st-elsewhere"><a href="https://stories.example/services/' in said
    assert "min-height" in said
    assert "script-src https://stories.example; connect-src https://stories.example" in said


def test_it_takes_a_topic_by_its_slug() -> None:
    topics.add("Multiple sclerosis")
    said = website("add", "A Charity", "--origin", "https://charity.example", "--topic", "multiple-sclerosis")
    assert '<patient-stories topic="multiple-sclerosis">' in said.stdout


def test_it_lists_every_website_with_its_origins() -> None:
    website("add", "St Elsewhere", "--origin", "https://b.example", "--origin", "https://a.example")
    key = Website.get().site_key
    assert website("list").stdout == f"{key}\tSt Elsewhere\thttps://a.example, https://b.example\n"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ([], InvalidInput),
        (["--origin", "http://plain.example"], InvalidInput),
        (["--origin", "https://a.example", "--service", "RXH99"], UnknownService),
        (["--origin", "https://a.example", "--topic", "nothing"], NotFound),
    ],
)
def test_what_it_cannot_use_adds_nothing(words: list[str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        website("add", "St Elsewhere", *words)
    assert Website.select().count() == 0
