import re
import time
from http.cookies import SimpleCookie

import pytest
from pyotp.totp import TOTP
from starlette.testclient import TestClient

from auth.outbox import MailKind
from servicespace.identity.browsing import local, origin_of
from servicespace.identity.sign_in import REFUSED
from servicespace.settings import Settings
from servicespace.wiring import create_app
from tests.servicespace.identity.conftest import CHEAP, PASSWORD, Browser, link_of

OTHER = "seven wet maps of tundra"


def caught(browser: Browser, recipient: str, subject: str) -> str:
    """Wait for a mail, and give its text."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        for each in browser.catcher.mails:
            if recipient in each.recipients and subject in each.subject:
                return each.text
        time.sleep(0.05)
    pytest.fail(f"no mail {subject!r} to {recipient}")


async def test_goes_from_a_mail_to_a_session_and_out_again(browser: Browser) -> None:
    browser.post("/password/forgotten", "/password/forgotten", name="bob")  # who was invited: another link
    text = caught(browser, "bob@acme.example", "Your account")
    found = re.search(r"(/password/set\?link=[\w-]{43})", text)
    assert found is not None
    link = found[1].partition("=")[2]

    shown = browser.get(found[1])
    done = browser.post("/password/set", found[1], link=link, password=OTHER, again=OTHER)
    signed = browser.sign_in("bob", OTHER)
    account = browser.get("/account")
    out = browser.post("/sign-out", "/account")

    assert shown.status_code == 200
    assert "bob" in shown.text
    assert "Your password is set" in done.text
    assert signed.status_code == 200
    assert 'content="0; url=/account"' in signed.text
    assert "bob@acme.example" in account.text
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert browser.get("/account").headers["location"] == "/sign-in?next=%2Faccount"


async def test_tells_everybody_who_cannot_sign_in_the_same(browser: Browser) -> None:
    answers = [
        browser.sign_in(name, password)
        for name, password in (
            ("nobody", PASSWORD),
            ("bob", PASSWORD),
            *[("ann", "wrong")] * 3,
            ("ann", PASSWORD),  # locked
        )
    ]

    texts = {re.sub(r'value="\w*"|[\w-]+" autocomplete="username"', "", each.text) for each in answers}
    assert {each.status_code for each in answers} == {403}
    assert len(texts) == 1
    assert REFUSED in answers[0].text


async def test_sets_cookies_that_no_other_site_and_no_script_can_reach(secure: Browser) -> None:
    form = secure.get("/sign-in").headers["set-cookie"]
    session = next(
        each for each in secure.sign_in().headers.get_list("set-cookie") if "servicespace-session" in each
    )

    for each, name in ((form, "__Host-servicespace-form"), (session, "__Host-servicespace-session")):
        cookie = SimpleCookie(each)[name]
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "lax")
        assert (cookie["secure"], cookie["httponly"]) == (True, True)


async def test_sets_plain_cookies_on_plain_http_of_this_machine(browser: Browser) -> None:
    cookie = browser.get("/sign-in").headers["set-cookie"]

    assert cookie.startswith("servicespace-form=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/password/forgotten", "/password/set", "/account/sign-out-everywhere"]
)
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
async def test_refuses_a_form_without_the_token_of_this_browser(
    browser: Browser, path: str, token: str
) -> None:
    browser.get("/sign-in")

    answer = browser.client.post(
        path, data={"form_token": token, "username": "ann", "password": PASSWORD}, follow_redirects=False
    )

    assert answer.status_code == 403
    assert "session" not in answer.headers.get("set-cookie", "")


async def test_refuses_the_token_of_another_browser(browser: Browser) -> None:
    foreign = browser.token()
    browser.client.cookies.clear()
    browser.get("/sign-in")

    answer = browser.client.post(
        "/sign-in", data={"form_token": foreign, "username": "ann", "password": PASSWORD}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://localhost:81"}, 403),
        ({"origin": "http://localhost"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:8000"}, 200),
    ],
)
async def test_refuses_a_form_that_another_site_sent(
    browser: Browser, headers: dict[str, str], status: int
) -> None:
    form = {"form_token": browser.token(), "username": "ann", "password": PASSWORD}

    answer = browser.client.post("/sign-in", data=form, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"form_token": "x"}', "application/json"),
        (b"x=" + b"y" * 20_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % each for each in range(50)), "application/x-www-form-urlencoded"),
        (b"\xff\xfe%ff=%", "application/x-www-form-urlencoded"),
    ],
    ids=["json", "long", "many", "bytes"],
)
async def test_refuses_what_is_no_form(browser: Browser, body: bytes, kind: str) -> None:
    answer = browser.client.post("/sign-in", content=body, headers={"content-type": kind})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/ /evil.example",
        "evil.example",
        "",
        "/" + "x" * 5_000,
    ],
)
async def test_leads_on_to_no_other_site(browser: Browser, address: str) -> None:
    assert local(address) == "/account"
    assert 'url=/account"' in browser.sign_in(next=address).text
    assert (
        browser.client.get("/sign-in", params={"next": address}, follow_redirects=False).headers["location"]
        == "/account"
    )


async def test_leads_on_to_where_one_came_from(browser: Browser) -> None:
    back_to = "/oauth/authorize?client_id=a&scope=openid%20portal"

    assert local(back_to) == back_to
    assert "/oauth/authorize?client_id=a&amp;scope=openid%20portal" in browser.sign_in(next=back_to).text


async def test_gives_a_new_session_id_at_sign_in(browser: Browser) -> None:
    browser.get("/sign-in")
    browser.client.cookies.set("servicespace-session", "planted")

    browser.client.post(
        "/sign-in",
        data={"form_token": browser.token(), "username": "ann", "password": PASSWORD},
    )

    kept = [each.value for each in browser.client.cookies.jar if each.name == "servicespace-session"]
    assert all(each != "planted" for each in kept if each and len(each) == 43)
    assert any(len(each or "") == 43 for each in kept)


async def test_a_reset_ends_the_sessions_and_its_link_works_once(browser: Browser) -> None:
    browser.sign_in()
    link = await link_of(browser.settings, "ann", MailKind.RESET)
    page = f"/password/set?link={link}"

    seen = [browser.get(page).status_code for _ in range(3)]
    first = browser.post("/password/set", page, link=link, password=OTHER, again=OTHER)
    second = browser.post("/password/set", link=link, password=OTHER, again=OTHER)

    assert seen == [200, 200, 200]
    assert (first.status_code, second.status_code) == (200, 403)
    assert browser.get("/account").status_code == 303
    assert browser.sign_in(password=OTHER).status_code == 200


async def test_says_what_is_wrong_with_a_password_and_keeps_the_link(browser: Browser) -> None:
    link = await link_of(browser.settings, "bob", MailKind.INVITATION)
    page = f"/password/set?link={link}"

    short = browser.post("/password/set", page, link=link, password="short", again="short")
    twice = browser.post("/password/set", page, link=link, password=OTHER, again=PASSWORD)
    good = browser.post("/password/set", page, link=link, password=OTHER, again=OTHER)

    assert "use 15 characters or more" in short.text
    assert 'aria-describedby="hint error"' in short.text
    assert "not the same" in twice.text
    assert good.status_code == 200


async def test_answers_alike_whoever_forgot_a_password(browser: Browser) -> None:
    answers = [
        browser.post("/password/forgotten", "/password/forgotten", name=name)
        for name in ("ann", "nobody", "bob@acme.example", "")
    ]

    assert {each.status_code for each in answers} == {200}
    assert len({each.text for each in answers}) == 1
    assert "30 minutes" in caught(browser, "ann@acme.example", "new password")


async def test_shows_no_script_no_frame_and_keeps_nothing(browser: Browser) -> None:
    answer = browser.get("/sign-in")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in answer.text
    assert browser.get("/assets/identity.css").headers["content-type"].startswith("text/css")


async def test_sets_up_a_second_factor_and_asks_for_it(browser: Browser) -> None:
    browser.sign_in()
    page = browser.get("/account/second-factor").text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret is not None
    totp = TOTP(secret[1].replace(" ", ""))
    used = totp.now()
    codes = browser.post("/account/second-factor", "/account/second-factor", code=used)
    recovery = re.findall(r"<li><code>(\w{16})</code></li>", codes.text)
    browser.post("/sign-out", "/account")

    asked = browser.sign_in()
    closed = browser.get("/account").status_code
    again = browser.post("/second-factor", "/second-factor", code=used)
    entered = browser.post("/second-factor", "/second-factor", code=recovery[0])

    assert "<svg" in page
    assert len(recovery) == 10
    assert "/second-factor?next=%2Faccount" in asked.text
    assert closed == 303
    assert again.status_code == 403
    assert entered.status_code == 200
    assert "9 recovery codes" in browser.get("/account").text


async def test_shows_and_ends_the_sessions_of_other_browsers(browser: Browser) -> None:
    browser.sign_in()
    elsewhere = dict(browser.client.cookies)
    browser.client.cookies.clear()
    browser.sign_in()
    name = re.search(r'name="session" value="(\w{32})"', browser.get("/account").text)
    assert name is not None

    browser.post("/account/sessions/end", "/account", session=name[1])

    assert browser.get("/account").status_code == 200
    browser.client.cookies.clear()
    browser.client.cookies.update(elsewhere)
    assert browser.get("/account").status_code == 303


async def test_signs_out_everywhere(browser: Browser) -> None:
    browser.sign_in()

    out = browser.post("/account/sign-out-everywhere", "/account")

    assert out.headers["location"] == "/sign-in"
    assert browser.get("/account").status_code == 303


async def test_shows_caught_mail_in_the_demo_only(browser: Browser, peopled: Settings) -> None:
    shown = browser.get("/dev/mail").status_code
    with TestClient(create_app(peopled, cost=CHEAP)) as client:
        served = client.get("/dev/mail").status_code

    assert (shown, served) == (200, 404)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Portal.Example:443/x", "https://portal.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_compares_origins_without_the_usual_port(address: str, origin: str) -> None:
    assert origin_of(address) == origin
