// One query for all customers: what is not covered becomes a sentence, not an error.
//
//   node examples/one_query.mjs http://127.0.0.1:8000 TOKEN

import { readFile } from "node:fs/promises";

const [address, token] = process.argv.slice(2);
if (!address || !token) {
  console.error("Usage: node one_query.mjs URL TOKEN");
  process.exit(2);
}

const query = await readFile(new URL("dashboard.graphql", import.meta.url), "utf8");
const response = await fetch(`${address}/graphql`, {
  method: "POST",
  headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
  body: JSON.stringify({ query }),
});
const answer = await response.json();
if (!answer.data) {
  console.error(answer.errors.map((each) => each.message).join("\n"));
  process.exit(1);
}

// A path of the answer, with @ in the place of numbers, as notices have it.
const hidden = new Map();
for (const notice of answer.extensions?.coverage?.hidden ?? []) {
  for (const path of notice.paths) hidden.set(path, notice);
}
const failed = new Map((answer.errors ?? []).map((each) => [each.path.join("."), each.message]));

const parts = { invoices: "Bills", tickets: "Tickets", components: "Components", maintenance: "Maintenance" };

for (const [place, solution] of answer.data.solutions.nodes.entries()) {
  console.log(`${solution.name} (${solution.category})`);
  for (const [field, title] of Object.entries(parts)) {
    console.log(`  ${title}: ${shown(solution[field], place, field)}`);
  }
}

function shown(connection, place, field) {
  if (connection) return connection.nodes.map((each) => each.number ?? each.reference ?? each.name).join(", ") || "none";
  const error = failed.get(`solutions.nodes.${place}.${field}`);
  if (error) return `not available just now: ${error}`;
  const notice = hidden.get(`solutions.nodes.@.${field}`);
  const offered = notice?.coveredBy.length ? `; covered by ${notice.coveredBy.join(", ")}` : "";
  return `not part of this Solution (${notice?.reason ?? "not covered"}${offered})`;
}
