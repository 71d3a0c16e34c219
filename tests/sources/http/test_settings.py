"""What an operator may set for an API, and what is refused."""

import msgspec
import pytest

from sources.http.settings import ApiKey, ApiSettings, NoCredentials, OAuth2


def read(text: str) -> ApiSettings:
    return msgspec.toml.decode(text, type=ApiSettings)


@pytest.mark.parametrize(
    "url",
    [
        "https://bills.example/tmf-api/v4",
        "https://bills.example:8443",
        "http://127.0.0.1:8080/",
        "http://localhost",
        "http://[::1]:4010/x",
    ],
)
def test_takes_https_and_http_on_this_machine(url: str) -> None:
    assert ApiSettings(system="billing", url=url).base == f"{url.rstrip('/')}/"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://bills.example", "must be https: http is for this machine only"),
        ("http://127.0.0.1.evil.example", "must be https: http is for this machine only"),
        ("ftp://bills.example", "must be an https URL"),
        ("bills.example", "must be an https URL"),
        ("https://", "must be an https URL"),
        ("", "must be an https URL"),
        ("https://root:s3cret@bills.example", "holds credentials: name them under `credentials`"),
        ("https://s3cret@bills.example", "holds credentials: name them under `credentials`"),
        ("https://:@bills.example", "holds credentials: name them under `credentials`"),
        ("https://bills.example:99999", "is no URL"),
        ("https://[bills", "is no URL"),
        ("https://bills.example/?key=s3cret", "must end with its path: no query, no fragment, no blanks"),
        ("https://bills.example/#s3cret", "must end with its path: no query, no fragment, no blanks"),
        ("https://bills.example/a b", "must end with its path: no query, no fragment, no blanks"),
    ],
)
def test_refuses_an_address_that_secrets_must_not_be_sent_to(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"url") as caught:
        ApiSettings(system="billing", url=url)
    with pytest.raises(ValueError, match=r"token_url") as token:
        OAuth2(token_url=url, client_id="us", variable="SECRET")

    assert str(caught.value) == f"url {reason}"
    assert str(token.value) == f"token_url {reason}"


def test_reads_the_credentials_by_their_kind() -> None:
    head = 'system = "billing"\nurl = "https://bills.example"\n[credentials]\n'

    none = read(head + 'kind = "none"')
    key = read(head + 'kind = "api-key"\nvariable = "KEY"\nheader = "X-Orange-Key"')
    client = read(
        head
        + 'kind = "oauth2"\ntoken_url = "https://sso.example/token"\nclient_id = "us"\nvariable = "SECRET"\n'
        + '[credentials.api_key]\nkind = "api-key"\nvariable = "KEY"'
    )

    assert none.credentials == NoCredentials()
    assert none.variables == frozenset()
    assert key.credentials == ApiKey(variable="KEY", header="X-Orange-Key")
    assert key.variables == {"KEY"}
    assert client.credentials == OAuth2(
        token_url="https://sso.example/token",
        client_id="us",
        variable="SECRET",
        api_key=ApiKey(variable="KEY", header="X-Api-Key"),
    )


@pytest.mark.parametrize("header", ["Authorization", "host", "X Key", "X-Key:", "", "X-Ké"])
def test_refuses_a_header_that_no_key_is_sent_in(header: str) -> None:
    with pytest.raises(ValueError, match=r"^an API key cannot be sent in the header "):
        ApiKey(variable="KEY", header=header)


@pytest.mark.parametrize(
    "line",
    [
        "seconds = 0",
        "seconds = -1",
        "connections = 0",
        "retries = -1",
        "most_bytes = 0",
        "hegde = true",
        "breaker = { slow_seconds = 2.0 }",
    ],
)
def test_refuses_what_makes_no_sense(line: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(f'system = "billing"\nurl = "https://bills.example"\n{line}')


def test_a_call_is_slow_after_three_quarters_of_the_deadline() -> None:
    head = 'system = "billing"\nurl = "https://bills.example"\nseconds = 4\n'

    assert read(head).slow_seconds == 3.0
    assert read(f"{head}breaker = {{ slow_seconds = 0.5 }}").slow_seconds == 0.5
