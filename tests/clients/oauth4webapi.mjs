// Every flow by oauth4webapi, which checks each answer against the specifications, signatures included.
import * as oauth from "oauth4webapi";

import { browse, given } from "./browser.mjs";

const options = { [oauth.allowInsecureRequests]: true }; // http, on this machine only
const issuer = new URL(given.issuer);
const done = {};

const discovered = await oauth.discoveryRequest(issuer, { ...options, algorithm: "oidc" });
const server = await oauth.processDiscoveryResponse(issuer, discovered);
const plain = await oauth.discoveryRequest(issuer, { ...options, algorithm: "oauth2" });
done.metadata = (await oauth.processDiscoveryResponse(issuer, plain)).issuer;

const client = { client_id: given.page };
const verifier = oauth.generateRandomCodeVerifier();
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
const asked = new URL(server.authorization_endpoint);
for (const [name, value] of Object.entries({
  client_id: client.client_id,
  redirect_uri: given.callback,
  response_type: "code",
  scope: "openid email portal offline_access",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
})) {
  asked.searchParams.set(name, value);
}
const back = oauth.validateAuthResponse(server, client, await browse(asked, given.who), state);
const none = oauth.None();
const exchanged = await oauth.authorizationCodeGrantRequest(
  server, client, none, back, given.callback, verifier, options,
);
const tokens = await oauth.processAuthorizationCodeResponse(server, client, exchanged, {
  expectedNonce: nonce,
  requireIdToken: true,
  maxAge: 3600,
});
await oauth.validateApplicationLevelSignature(server, exchanged, options);
const claims = oauth.getValidatedIdTokenClaims(tokens);
done.code = claims.sub;

const told = await oauth.userInfoRequest(server, client, tokens.access_token, options);
done.userinfo = (await oauth.processUserInfoResponse(server, client, claims.sub, told)).email;

const request = new Request(given.issuer, { headers: { authorization: `Bearer ${tokens.access_token}` } });
done.accessToken = (await oauth.validateJwtAccessToken(server, request, "servicespace", options)).scope;

const refreshing = await oauth.refreshTokenGrantRequest(server, client, none, tokens.refresh_token, options);
const refreshed = await oauth.processRefreshTokenResponse(server, client, refreshing);
done.refresh = refreshed.refresh_token !== tokens.refresh_token;

const revoking = await oauth.revocationRequest(server, client, none, refreshed.refresh_token, options);
done.revocation = (await oauth.processRevocationResponse(revoking)) === undefined;
try {
  const again = await oauth.refreshTokenGrantRequest(server, client, none, refreshed.refresh_token, options);
  await oauth.processRefreshTokenResponse(server, client, again);
} catch (error) {
  done.afterRevocation = error.error;
}

const robot = { client_id: given.robot };
const secret = oauth.ClientSecretBasic(given.secret);
const fields = { scope: "billing:readonly", customer: given.who };
const credentials = await oauth.clientCredentialsGrantRequest(server, robot, secret, fields, options);
const own = await oauth.processClientCredentialsResponse(server, robot, credentials);
done.clientCredentials = own.scope;

const asking = await oauth.introspectionRequest(server, robot, secret, own.access_token, options);
const known = await oauth.processIntrospectionResponse(server, robot, asking);
done.introspection = [known.active, known.client_id, known.customer];

console.log(JSON.stringify(done));
