// The load where wrk is not installed: node load.mjs URL BODY TOKENS CONNECTIONS SECONDS; prints what was measured.
import { readFileSync } from "node:fs";
import autocannon from "autocannon";

const [url, bodyFile, tokensFile, connections, seconds] = process.argv.slice(2);
const body = readFileSync(bodyFile, "utf8");
const tokens = readFileSync(tokensFile, "utf8").trim().split("\n");

let place = 0;
function nextRequest(request) {
  place = (place + 1) % tokens.length;
  request.headers = { ...request.headers, authorization: `Bearer ${tokens[place]}` };
  return request;
}

const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  requests: [{ method: "POST", body, headers: { "content-type": "application/json" }, setupRequest: nextRequest }],
});

console.log(
  JSON.stringify({
    requests: result["2xx"],
    seconds: result.duration,
    failed: result.non2xx + result.errors + result.timeouts,
    median_ms: result.latency.p50,
    p99_ms: result.latency.p99,
  }),
);
