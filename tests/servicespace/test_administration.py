"""Administrators of a customer manage its Users by GraphQL; nobody else does, and nobody raises himself."""

from typing import Any

import pytest

from auth.key_store import KeyStore
from auth.right import Rights, Role, Section, everywhere
from auth.store import UserProfile, UserStore
from auth.viewer import CustomerCode
from servicespace.store import open_store
from servicespace.systems import embedded
from sources.billing.sql import SqlBilling
from sources.keys import CustomerCode as OrderingCustomer
from sources.keys import SolutionId
from tests.servicespace.conftest import Service, token
from tests.sources.bills import account, document

INVITE = """mutation ($name: String!, $email: String!, $roles: [SectionRoleInput!]!, $scope: DataScopeInput) {
  inviteUser(username: $name, email: $email, roles: $roles, scope: $scope) {
    username email state administrator roles { section role } scope { solutions } mail { kind delivery }
  }
}"""
READER = [{"section": "BILLING", "role": "READER"}]


async def token_for(
    service: Service, username: str, rights: Rights, solutions: frozenset[str] | None = None
) -> str:
    """Store another User of acme, and give its token."""
    async with open_store(service.settings.store) as connection:
        await UserStore(connection).save(
            UserProfile(
                username=username,
                customer=CustomerCode("acme"),
                email=f"{username}@acme.example",
                rights=rights,
                solutions=solutions,
            )
        )
        return await token(KeyStore(connection), service.settings, username, customer=CustomerCode("acme"))


def error(answer: dict[str, Any]) -> tuple[str, str]:
    """Give the code and the text of the one error."""
    (one,) = answer["errors"]
    return one["extensions"]["code"], one["message"]


async def test_an_administrator_invites_a_user_who_is_sent_a_mail(service: Service) -> None:
    token = service.tokens["acme"]

    made = service.ask(INVITE, token, name="ann", email="ann@acme.example", roles=READER)
    listed = service.ask('{ users { username state } user(username: "ann") { email } }', token)

    user = made["data"]["inviteUser"]
    assert (user["username"], user["state"], user["administrator"]) == ("ann", "INVITED", False)
    assert {each["section"]: each["role"] for each in user["roles"]}["BILLING"] == "READER"
    assert {each["role"] for each in user["roles"] if each["section"] != "BILLING"} == {"NONE"}
    assert user["scope"] == {"solutions": None}
    assert user["mail"] == {"kind": "INVITATION", "delivery": "WAITING"}
    assert {"username": "ann", "state": "INVITED"} in listed["data"]["users"]
    assert listed["data"]["user"] == {"email": "ann@acme.example"}


async def test_users_of_another_customer_are_not_there(service: Service) -> None:
    service.ask(INVITE, service.tokens["acme"], name="ann", email="ann@acme.example", roles=READER)
    other = service.tokens["other"]

    listed = service.ask("{ users { username } }", other)
    found = service.ask('{ user(username: "ann") { email } }', other)
    missing = service.ask('{ user(username: "nobody-at-all") { email } }', other)
    changed = service.ask('mutation { deactivateUser(username: "ann") { state } }', other)

    assert "ann" not in str(listed)
    assert found == missing
    assert error(found)[0] == error(changed)[0] == "NOT_FOUND"


async def test_a_user_without_that_right_neither_sees_nor_changes_users(service: Service) -> None:
    clerk = await token_for(service, "clerk", everywhere(Role.MANAGER))

    seen = service.ask("{ users { username } }", clerk)
    changed = service.ask(INVITE, clerk, name="eve", email="eve@acme.example", roles=READER)

    assert seen["data"] == {"users": None}
    assert seen["extensions"]["coverage"]["hidden"][0]["reason"] == "ROLE"
    assert error(changed)[0] == "FORBIDDEN"
    assert "eve" not in str(service.ask("{ users { username } }", service.tokens["acme"]))


async def test_nobody_raises_himself_and_one_administrator_stays(service: Service) -> None:
    token = service.tokens["acme"]
    boss = await token_for(service, "boss", Rights(administrator=True, roles={Section.BILLING: Role.READER}))
    more = """mutation { setUserRoles(username: "boss", roles: [{section: BILLING, role: MANAGER}]) {
      username } }"""
    resign = 'mutation { setUserRoles(username: "%s", roles: [], administrator: false) { administrator } }'

    assert error(service.ask(more, boss)) == (
        "FORBIDDEN",
        "You cannot raise your own rights: ask another administrator.",
    )
    assert "errors" not in service.ask(more, token)  # another administrator may
    assert service.ask(resign % "boss", boss)["data"] == {"setUserRoles": {"administrator": False}}
    assert error(service.ask(resign % "acme", token))[0] == "BAD_USER_INPUT"
    assert error(service.ask('mutation { deactivateUser(username: "acme") { state } }', token)) == (
        "BAD_USER_INPUT",
        "This is the last administrator: make another User an administrator first.",
    )


async def test_a_scope_is_of_what_the_administrator_sees(service: Service) -> None:
    token = service.tokens["acme"]
    (some, *_) = [
        each["id"]
        for each in service.ask("{ solutions { nodes { id } } }", token)["data"]["solutions"]["nodes"]
    ]
    narrow = """mutation ($scope: DataScopeInput!) {
      setUserScopes(username: "ann", scope: $scope) { scope { solutions } } }"""
    service.ask(INVITE, token, name="ann", email="ann@acme.example", roles=READER)

    kept = service.ask(narrow, token, scope={"solutions": [some]})
    unknown = service.ask(narrow, token, scope={"solutions": ["bm90aGluZzpY"]})

    assert kept["data"]["setUserScopes"] == {"scope": {"solutions": [some]}}
    assert error(unknown)[0] == "BAD_USER_INPUT"


async def test_who_sees_a_part_gives_no_more_than_that_part(service: Service) -> None:
    token = service.tokens["acme"]
    (some, *_) = [
        each["id"]
        for each in service.ask("{ solutions { nodes { id } } }", token)["data"]["solutions"]["nodes"]
    ]
    boss = await token_for(
        service, "boss", everywhere(Role.READER, administrator=True), solutions=frozenset({"nothing"})
    )

    made = service.ask(INVITE, boss, name="bob", email="bob@acme.example", roles=READER)
    more = service.ask(
        INVITE, boss, name="eve", email="eve@acme.example", roles=READER, scope={"solutions": [some]}
    )

    assert len(made["data"]["inviteUser"]["scope"]["solutions"]) == 1  # its own, not all
    assert error(more)[0] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("name", "email"), [("ann smith", "ann@acme.example"), ("ann", "no address"), ("", "a@b.example")]
)
async def test_refuses_what_is_no_name_and_no_address(service: Service, name: str, email: str) -> None:
    answer = service.ask(INVITE, service.tokens["acme"], name=name, email=email, roles=READER)

    assert error(answer)[0] == "BAD_USER_INPUT"
    assert answer["data"] == {"inviteUser": None}


async def test_every_change_is_in_the_audit_log(service: Service) -> None:
    token = service.tokens["acme"]
    service.ask(INVITE, token, name="ann", email="ann@acme.example", roles=READER)
    service.ask('mutation { setUserRoles(username: "ann", roles: []) { username } }', token)
    service.ask('mutation { deactivateUser(username: "ann") { state } }', token)

    query = "query ($before: ID) { auditLog(first: 2, before: $before) { id action actor subject } }"

    newest = service.ask(query, token)["data"]["auditLog"]
    older = service.ask(query, token, before=newest[-1]["id"])["data"]["auditLog"]
    theirs = service.ask(query, service.tokens["other"])["data"]["auditLog"]

    told = [(each["action"], each["actor"], each["subject"]) for each in (*newest, *older)]
    assert told == [
        ("CANCELLED", "acme", "ann"),
        ("RIGHTS_CHANGED", "acme", "ann"),
        ("INVITED", "acme", "ann"),
    ]
    assert theirs == []


CREATE = """mutation ($scopes: [String!]!, $scope: DataScopeInput) {
  createPartnerClient(name: "Night watch", kind: SERVICE, scopes: $scopes, scope: $scope) {
    secret client { clientId name kind active scopes scope { solutions } secrets { expiresAt } }
  }
}"""


def machine_token(service: Service, client: dict[str, Any], **form: str) -> tuple[int, dict[str, Any]]:
    """Ask for an access token with a client's secret."""
    answer = service.client.post(
        "/oauth/token",
        data={"grant_type": "client_credentials", **form},
        auth=(client["client"]["clientId"], client["secret"]),
    )
    return answer.status_code, answer.json()


async def test_a_partner_client_sees_what_its_scopes_say_and_no_more(service: Service) -> None:
    token = service.tokens["acme"]
    made = service.ask(CREATE, token, scopes=["maintenance:readonly"])["data"]["createPartnerClient"]

    status, given = machine_token(service, made)
    answer = service.ask(
        "{ viewer { username } maintenanceEvents { totalCount } invoices { totalCount } users { username } }",
        given["access_token"],
    )

    assert (status, made["client"]["scopes"], made["client"]["active"]) == (
        200,
        ["maintenance:readonly"],
        True,
    )
    assert answer["data"]["maintenanceEvents"] == {"totalCount": 0}
    assert (answer["data"]["invoices"], answer["data"]["users"]) == (None, None)
    hidden = {each["coordinate"]: each["reason"] for each in answer["extensions"]["coverage"]["hidden"]}
    assert hidden == {"Query.invoices": "SCOPE", "Query.users": "ROLE"}


async def test_a_secret_is_told_once_and_the_client_is_listed_without_it(service: Service) -> None:
    token = service.tokens["acme"]
    made = service.ask(CREATE, token, scopes=["incidents"])["data"]["createPartnerClient"]

    listed = service.ask("{ partnerClients { clientId secrets { createdAt expiresAt } } }", token)
    other = service.ask("{ partnerClients { clientId } }", service.tokens["other"])

    assert made["client"]["clientId"] in str(listed)
    assert made["secret"] not in str(listed)
    assert made["client"]["clientId"] not in str(other)


async def test_a_rotated_secret_works_and_a_revoked_client_does_not(service: Service) -> None:
    token = service.tokens["acme"]
    made = service.ask(CREATE, token, scopes=["incidents"])["data"]["createPartnerClient"]
    named = {"id": made["client"]["clientId"]}

    rotated = service.ask(
        "mutation ($id: String!) { rotatePartnerSecret(clientId: $id) { secret client { clientId } } }",
        token,
        **named,
    )["data"]["rotatePartnerSecret"]
    both = [machine_token(service, each)[0] for each in (made, rotated)]
    revoked = service.ask(
        "mutation ($id: String!) { revokePartnerClient(clientId: $id) { active } }", token, **named
    )

    assert both == [200, 200]
    assert revoked["data"]["revokePartnerClient"] == {"active": False}
    assert machine_token(service, rotated)[0] == 401


async def test_a_client_of_another_customer_is_not_there(service: Service) -> None:
    made = service.ask(CREATE, service.tokens["acme"], scopes=["incidents"])["data"]["createPartnerClient"]
    change = "mutation ($id: String!) { revokePartnerClient(clientId: $id) { active } }"

    theirs = service.ask(change, service.tokens["other"], id=made["client"]["clientId"])
    none = service.ask(change, service.tokens["other"], id="there-is-none")

    assert theirs == none
    assert error(theirs)[0] == "NOT_FOUND"


@pytest.mark.parametrize("scope", ["portal", "everything", "billing:write"])
async def test_refuses_a_scope_that_is_not_for_partners(service: Service, scope: str) -> None:
    answer = service.ask(CREATE, service.tokens["acme"], scopes=[scope])

    assert error(answer)[0] == "BAD_USER_INPUT"


async def test_an_administrator_lets_no_partner_do_more_than_he_may(service: Service) -> None:
    boss = await token_for(service, "boss", Rights(administrator=True, roles={Section.BILLING: Role.READER}))

    more = service.ask(CREATE, boss, scopes=["billing"])
    as_much = service.ask(CREATE, boss, scopes=["billing:readonly"])

    assert error(more)[0] == "FORBIDDEN"
    assert "errors" not in as_much


async def test_a_strict_client_knows_nothing_of_what_is_hidden(service: Service) -> None:
    create = CREATE.replace("kind: SERVICE", "kind: SERVICE, strict: true")
    made = service.ask(create, service.tokens["acme"], scopes=["maintenance"])["data"]["createPartnerClient"]
    _, given = machine_token(service, made)

    answer = service.ask("{ invoices { totalCount } }", given["access_token"])

    assert "data" not in answer
    code, message = error(answer)
    assert code == "GRAPHQL_VALIDATION_FAILED"
    assert message.startswith("Cannot query field 'invoices' on type 'Query'.")


async def test_two_users_of_a_customer_see_the_bills_of_their_own_accounts(service: Service) -> None:
    await bill(service)
    query = (
        "{ invoices { totalCount nodes { number account { id } } } billingAccounts { nodes { id number } } }"
    )
    accounts = {
        each["number"]: each["id"]
        for each in service.ask(query, service.tokens["acme"])["data"]["billingAccounts"]["nodes"]
    }
    narrow = """mutation ($name: String!, $scope: DataScopeInput!) {
      setUserScopes(username: $name, scope: $scope) { scope { billingAccounts } } }"""
    tokens: dict[str, str] = {}
    for name, number in (("ann", "BA-1"), ("bob", "BA-2")):
        tokens[name] = await token_for(service, name, everywhere(Role.READER))
        service.ask(narrow, service.tokens["acme"], name=name, scope={"billingAccounts": [accounts[number]]})

    seen = {
        name: {each["number"] for each in service.ask(query, token)["data"]["invoices"]["nodes"]}
        for name, token in (("acme", service.tokens["acme"]), *tokens.items())
    }

    assert seen == {"acme": {"I-1", "I-2"}, "ann": {"I-1"}, "bob": {"I-2"}}


async def bill(service: Service) -> None:
    """Store two billing accounts of acme, with an invoice each."""
    customer = OrderingCustomer("acme")
    async with open_store(service.settings.store) as connection:
        billing = embedded(connection, service.settings).billing
        assert isinstance(billing, SqlBilling)
        solutions = (SolutionId("S-acme"),)
        for number in ("1", "2"):
            held = account(customer, f"BA-{number}", number=f"BA-{number}", solutions=solutions)
            sent = document(
                customer, f"I-{number}", number=f"I-{number}", account=held.id, solutions=solutions
            )
            await billing.save_billing_accounts([held])
            await billing.save_documents([sent])


async def test_nobody_gets_by_a_secret_what_he_may_not_see(service: Service) -> None:
    made = service.ask(CREATE, service.tokens["acme"], scopes=["billing"])["data"]["createPartnerClient"]
    named = {"id": made["client"]["clientId"]}
    rotate = "mutation ($id: String!) { rotatePartnerSecret(clientId: $id) { secret } }"
    lesser = await token_for(service, "lesser", Rights(administrator=True))
    narrow = await token_for(
        service, "narrow", everywhere(Role.MANAGER, administrator=True), solutions=frozenset({"nothing"})
    )

    assert error(service.ask(rotate, lesser, **named))[0] == "FORBIDDEN"
    assert error(service.ask(rotate, narrow, **named))[0] == "FORBIDDEN"
    assert "errors" not in service.ask(rotate, service.tokens["acme"], **named)


async def test_other_scopes_of_a_client_leave_what_it_may_see(service: Service) -> None:
    token = service.tokens["acme"]
    (some, *_) = [
        each["id"]
        for each in service.ask("{ solutions { nodes { id } } }", token)["data"]["solutions"]["nodes"]
    ]
    made = service.ask(CREATE, token, scopes=["billing"], scope={"solutions": [some]})
    change = """mutation ($id: String!) {
      setPartnerScopes(clientId: $id, scopes: ["billing:readonly"]) { scopes scope { solutions } } }"""

    changed = service.ask(change, token, id=made["data"]["createPartnerClient"]["client"]["clientId"])

    assert changed["data"]["setPartnerScopes"] == {
        "scopes": ["billing:readonly"],
        "scope": {"solutions": [some]},
    }


async def test_a_customer_demands_addresses_and_a_second_factor(service: Service) -> None:
    token = service.tokens["acme"]
    demand = """mutation ($domains: [String!]!) {
      setSecurityPolicy(secondFactor: true, emailDomains: $domains) { secondFactor emailDomains } }"""

    wrong = service.ask(demand, token, domains=["acme.example", "no domain"])
    set_to = service.ask(demand, token, domains=["ACME.example"])
    asked = service.ask("{ securityPolicy { secondFactor emailDomains } }", token)
    refused = service.ask(INVITE, token, name="eve", email="eve@evil.example", roles=READER)

    assert error(wrong)[0] == "BAD_USER_INPUT"
    policy = {"secondFactor": True, "emailDomains": ["acme.example"]}
    assert (set_to["data"]["setSecurityPolicy"], asked["data"]["securityPolicy"]) == (policy, policy)
    assert error(refused)[1].startswith("E-mail addresses of this domain are not allowed")


async def test_an_administrator_gives_no_role_that_he_lacks(service: Service) -> None:
    boss = await token_for(service, "boss", Rights(administrator=True, roles={Section.BILLING: Role.READER}))
    raise_all = """mutation { setUserRoles(username: "acme", roles: [{section: BILLING, role: MANAGER}]) {
      username } }"""
    more = [{"section": "BILLING", "role": "MANAGER"}]

    made = service.ask(INVITE, boss, name="puppet", email="boss@acme.example", roles=more)
    as_much = service.ask(INVITE, boss, name="clerk", email="clerk@acme.example", roles=READER)
    kept = service.ask(raise_all, boss)  # what somebody has already may stay

    assert error(made)[0] == "FORBIDDEN"
    assert "errors" not in as_much
    assert "errors" not in kept
