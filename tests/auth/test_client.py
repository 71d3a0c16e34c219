import pytest
from msgspec.structs import replace

from auth.client import (
    Client,
    ClientError,
    ClientKind,
    RegisteredClient,
    SecretHash,
    check_client,
    hashed,
    redirects_to,
)
from auth.viewer import ClientId

PAGE = Client(
    id=ClientId("page"),
    name="Page",
    kind=ClientKind.BROWSER,
    redirect_uris=("https://app.example/back", "http://127.0.0.1/native", "http://[::1]/native"),
)


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/back",
        "http://127.0.0.1/native",
        "http://127.0.0.1:1/native",
        "http://127.0.0.1:65535/native",
        "http://[::1]:8080/native",
    ],
)
def test_redirects_to_what_is_registered_on_any_port_of_the_loopback(uri: str) -> None:
    assert redirects_to(PAGE, uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://app.example/back?",
        "https://app.example:443/back",
        "https://APP.example/back",
        "https://app.example/back/../back",
        "https://app.example/back#x",
        "http://127.0.0.1:8080/native?a=1",
        "http://127.0.0.1:8080/native#",
        "http://127.0.0.1:8080/Native",
        "http://127.0.0.1:99999/native",
        "http://127.0.0.1:/native",
        "http://a@127.0.0.1:8080/native",
        "http://127.0.0.1:8080@evil.example/native",
        "http://127.0.0.2:8080/native",
        "http://localhost:8080/native",
        "https://127.0.0.1:8080/native",
    ],
)
def test_redirects_to_nothing_else(uri: str) -> None:
    assert not redirects_to(PAGE, uri)


def test_a_server_with_a_secret_has_no_loopback_of_any_port() -> None:
    web = replace(PAGE, kind=ClientKind.WEB)

    assert redirects_to(web, "http://127.0.0.1/native")
    assert not redirects_to(web, "http://127.0.0.1:8080/native")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "Page"},
        {"id": "a b"},
        {"id": ""},
        {"name": " "},
        {"name": "x" * 129},
        {"name": "Page\0"},
        {"name": "Page \u202eegap"},
        {"scopes": ("everything",)},
        {"redirect_uris": ()},
        {"redirect_uris": ("http://app.example/back",)},
        {"redirect_uris": ("https://*.example/back",)},
        {"redirect_uris": ("https://app.example/back#",)},
        {"redirect_uris": ("https://app.example/ back",)},
        {"redirect_uris": ("https://a@app.example/back",)},
        {"redirect_uris": ("https:\\\\app.example/back",)},
        {"redirect_uris": ("/back",)},
        {"redirect_uris": ("https:///back",)},
        {"redirect_uris": ("javascript:alert(1)",)},
        {"redirect_uris": ("data:text/html,x",)},
        {"redirect_uris": ("https://app.example/" + "x" * 600,)},
        {"logout_uris": ("http://app.example/bye",)},
        {"first_party": True, "owner": "acme"},
        {"scopes": ("portal",), "owner": "acme"},
        {"kind": ClientKind.WEB, "redirect_uris": ("com.example.app:/back",)},
        {"kind": ClientKind.SERVICE},
    ],
)
def test_refuses_to_register_what_is_not_safe(changes: dict[str, object]) -> None:
    with pytest.raises(ClientError):
        check_client(replace(PAGE, **changes))


def test_registers_the_scheme_of_an_application() -> None:
    check_client(replace(PAGE, redirect_uris=("com.example.app:/back",)))


def test_a_secret_is_good_until_it_expires() -> None:
    secret = SecretHash(hash=hashed("kept"), created_at=0, expires_at=10)
    registered = RegisteredClient(client=PAGE, secrets=(secret,))

    assert registered.has_secret("kept", 9)
    assert not registered.has_secret("kept", 10)
    assert not registered.has_secret("guessed", 9)
    assert not registered.has_secret("\udc80", 9)
