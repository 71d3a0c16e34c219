// Every flow by openid-client: a page without a secret, a server and a service with one.
import * as oidc from "openid-client";

import { browse, given } from "./browser.mjs";

const options = { execute: [oidc.allowInsecureRequests] }; // http, on this machine only
const issuer = new URL(given.issuer);
const done = {};

async function signedIn(config, scope) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const asked = oidc.buildAuthorizationUrl(config, {
    redirect_uri: given.callback,
    scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  return oidc.authorizationCodeGrant(config, await browse(asked, given.who), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
}

const page = await oidc.discovery(issuer, given.page, undefined, oidc.None(), options);
oidc.enableNonRepudiationChecks(page);
const tokens = await signedIn(page, "openid profile portal offline_access");
done.code = tokens.claims().sub;
done.userinfo = (await oidc.fetchUserInfo(page, tokens.access_token, tokens.claims().sub)).preferred_username;
const refreshed = await oidc.refreshTokenGrant(page, tokens.refresh_token);
done.refresh = refreshed.claims().sid === tokens.claims().sid;
const leaving = oidc.buildEndSessionUrl(page, {
  id_token_hint: refreshed.id_token,
  post_logout_redirect_uri: given.bye,
  state: "bye",
});
done.logout = (await browse(leaving, given.who)).href;
done.afterLogout = await oidc.refreshTokenGrant(page, refreshed.refresh_token).catch((error) => error.error);

const post = oidc.ClientSecretPost(given.secret);
const robot = await oidc.discovery(issuer, given.robot, undefined, post, options);
const own = await oidc.clientCredentialsGrant(robot, { scope: "billing", customer: given.who });
done.clientCredentials = own.scope;
done.introspection = (await oidc.tokenIntrospection(robot, own.access_token)).active;
await oidc.tokenRevocation(robot, own.access_token);
done.afterRevocation = (await oidc.tokenIntrospection(robot, own.access_token)).active;

console.log(JSON.stringify(done));
