/*
 * Signs GraphiQL's user in at this service's own OpenID provider, by code and PKCE.
 *
 * Tokens are kept in sessionStorage: they are gone with the tab. The page runs no script but its own, and the
 * refresh token is spent with each use; whoever signs out ends all of them.
 */
"use strict";

const SignIn = (() => {
  const KEY = "servicespace.tokens";
  const ASKED = "servicespace.asked";
  const EARLY = 30_000; // milliseconds before its end that a token is refreshed
  let provider = null;
  let refreshing = null;

  const read = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");
  const write = (key, value) => sessionStorage.setItem(key, JSON.stringify(value));
  const home = () => new URL("/", provider.issuer).href;
  const at = (path) => new URL(path, provider.issuer).href;
  const encode = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const random = () => encode(crypto.getRandomValues(new Uint8Array(32)));

  /** Give what an id_token says, null where there is none. */
  const said = (id) => {
    const payload = id?.split(".")[1];
    return payload ? JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) : null;
  };

  /** Post a form; gives the answer, null for a refusal; throws where the provider is out of reach. */
  const post = async (path, fields) => {
    const body = new URLSearchParams({ client_id: provider.client, ...fields });
    const response = await fetch(path, { method: "POST", body, credentials: "omit" });
    if (response.status === 429 || response.status >= 500) {
      throw new Error("The provider cannot answer now.");
    }
    return response.ok ? response.json() : null;
  };

  const keep = (answer) => {
    if (answer === null) {
      sessionStorage.removeItem(KEY);
      return null;
    }
    const kept = read(KEY);
    const tokens = {
      access: answer.access_token,
      refresh: answer.refresh_token,
      id: answer.id_token ?? kept?.id,
      until: Date.now() + answer.expires_in * 1000,
    };
    write(KEY, tokens);
    return tokens;
  };

  const enter = async () => {
    if (location.origin !== new URL(provider.issuer).origin) {
      location.assign(home()); // tokens are of that place, and so is the session
      return;
    }
    const asked = { state: random(), nonce: random(), verifier: random() };
    write(ASKED, asked);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(asked.verifier));
    const query = new URLSearchParams({
      response_type: "code",
      client_id: provider.client,
      redirect_uri: home(),
      scope: "openid portal offline_access",
      state: asked.state,
      nonce: asked.nonce,
      code_challenge: encode(digest),
      code_challenge_method: "S256",
    });
    location.assign(at("/oauth/authorize?" + query));
  };

  const back = async () => {
    const given = new URLSearchParams(location.search);
    if (!given.has("state")) {
      return;
    }
    history.replaceState(null, "", location.pathname + location.hash);
    const asked = read(ASKED);
    sessionStorage.removeItem(ASKED);
    if (asked === null || given.get("state") !== asked.state || given.get("iss") !== provider.issuer) {
      return;
    }
    if (given.has("code")) {
      const fields = { redirect_uri: home(), code: given.get("code"), code_verifier: asked.verifier };
      const grant = { grant_type: "authorization_code", ...fields };
      const answer = await post("/oauth/token", grant).catch(() => null);
      if (said(answer?.id_token)?.nonce === asked.nonce) {
        keep(answer);
      }
    }
  };

  const refreshed = (tokens) => {
    const fields = { grant_type: "refresh_token", refresh_token: tokens.refresh };
    refreshing ??= post("/oauth/token", fields)
      .then(keep)
      .finally(() => {
        refreshing = null;
        show();
      });
    return refreshing; // a refresh token is good once: all who wait share its use
  };

  const token = async () => {
    const tokens = read(KEY);
    if (tokens === null) {
      return null;
    }
    if (Date.now() < tokens.until - EARLY) {
      return tokens.access;
    }
    const kept = await refreshed(tokens).catch(() => tokens); // out of reach is no refusal: try again later
    return kept?.access ?? null;
  };

  const leave = async () => {
    const tokens = read(KEY);
    sessionStorage.removeItem(KEY);
    if (tokens === null) {
      show();
      return;
    }
    await post("/oauth/revoke", { token: tokens.refresh }).catch(() => null);
    const query = new URLSearchParams({ id_token_hint: tokens.id, post_logout_redirect_uri: home() });
    location.assign(at("/oauth/logout?" + query));
  };

  const show = () => {
    const tokens = read(KEY);
    const claims = said(tokens?.id);
    document.getElementById("sign-in").hidden = false;
    document.getElementById("enter").hidden = tokens !== null;
    document.getElementById("leave").hidden = tokens === null;
    document.getElementById("who").textContent = claims === null ? "" : "Signed in as " + claims.sub;
  };

  /** Find the provider, and come back from it; shows nothing where there is none. */
  const start = async () => {
    const response = await fetch("/graphiql/provider.json");
    provider = response.ok ? await response.json() : null;
    if (provider === null) {
      return;
    }
    await back();
    document.getElementById("enter").addEventListener("click", enter);
    document.getElementById("leave").addEventListener("click", leave);
    show();
  };

  /** Fetch with the token of who is signed in, unless the headers have one. */
  const fetchSignedIn = async (address, init) => {
    const headers = new Headers(init?.headers);
    const access = headers.has("Authorization") ? null : await token();
    if (access !== null) {
      headers.set("Authorization", "Bearer " + access);
    }
    return fetch(address, { ...init, headers });
  };

  return { start, fetch: fetchSignedIn };
})();
