/*
 * Runs the server audits of graphql-http: node audits.mjs URL TOKEN
 *
 * Prints a JSON list of {id, name, status, reason}; status is "ok", "notice", "warn" or "error".
 * Every request has the token, and a GET the header that this server asks for against forged requests.
 */
import { serverAudits } from "graphql-http";

const [url, token] = process.argv.slice(2);

async function fetchFn(address, options = {}) {
  const headers = new Headers(options.headers);
  headers.set("Authorization", `Bearer ${token}`);
  if ((options.method ?? "GET") === "GET") {
    headers.set("GraphQL-Require-Preflight", "1");
  }
  return fetch(address, { ...options, headers });
}

const results = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const result = await audit.fn();
  results.push({ id: audit.id, name: audit.name, status: result.status, reason: result.reason ?? null });
}
console.log(JSON.stringify(results, null, 2));
