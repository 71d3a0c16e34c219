// Who asks: the same check of the same access tokens as the service makes (ES256, RFC 9068), found ones kept.
import { createHash, createPublicKey, verify } from "node:crypto";

const ISSUER = "https://servicespace.invalid";
const AUDIENCE = "servicespace";

export async function makeAsker(pool, statement) {
  const stored = await pool.query("SELECT private_jwk FROM auth_signing_key WHERE retired_at IS NULL");
  const keys = new Map();
  for (const row of stored.rows) {
    const { d, ...jwk } = JSON.parse(row.private_jwk);
    keys.set(jwk.kid, createPublicKey({ key: jwk, format: "jwk" }));
  }
  const known = new Map();

  function claimsOf(token) {
    const digest = createHash("sha256").update(token).digest("base64");
    let claims = known.get(digest);
    if (claims === undefined) {
      claims = checked(token, keys);
      known.set(digest, claims);
    }
    if (Date.now() / 1000 >= claims.exp) throw new Error("expired");
    return claims;
  }

  return async function asker(authorization) {
    const claims = claimsOf(authorization.slice("Bearer ".length));
    const { rows } = await pool.query({ name: "user", text: statement("user"), values: [claims.sub] });
    const user = rows[0];
    if (!user?.active || user.customer !== claims.customer) throw new Error("refused");
    return user;
  };
}

function checked(token, keys) {
  const [head, payload, signature] = token.split(".");
  const header = decode(head);
  const key = keys.get(header.kid);
  const valid =
    header.alg === "ES256" &&
    key &&
    verify("sha256", `${head}.${payload}`, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  const claims = decode(payload);
  if (!valid || claims.iss !== ISSUER || claims.aud !== AUDIENCE) throw new Error("not valid");
  return claims;
}

function decode(segment) {
  return JSON.parse(Buffer.from(segment, "base64url"));
}
