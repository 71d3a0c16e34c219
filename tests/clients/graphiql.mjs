// The sign-in of GraphiQL's page as a browser runs it: its own script, over a window that is made here.
import { readFileSync } from "node:fs";
import vm from "node:vm";

import { browse, given } from "./browser.mjs";

const store = new Map();
const elements = new Map();
let outage = null; // what becomes of requests for tokens in the meantime

function open(address) {
  // Load the page at *address*, and give its SignIn and where it wants to go.
  const page = { gone: null };
  const location = new URL(address);
  location.assign = (to) => (page.gone = to);
  const element = (id) => {
    if (!elements.has(id)) {
      elements.set(id, { id, pressed: null, addEventListener: (_, press) => (elements.get(id).pressed = press) });
    }
    return elements.get(id);
  };
  const world = {
    sessionStorage: {
      getItem: (key) => store.get(key) ?? null,
      setItem: (key, value) => store.set(key, value),
      removeItem: (key) => store.delete(key),
    },
    document: { getElementById: element },
    history: { replaceState: () => (location.search = "") },
    location,
    fetch: async (path, init) =>
      outage !== null && path === "/oauth/token" ? outage() : fetch(new URL(path, given.issuer), init),
    ...{ URL, URLSearchParams, TextEncoder, Headers, crypto, btoa, atob, Date, JSON, String, Uint8Array },
  };
  const script = readFileSync(given.script, "utf-8");
  page.signIn = vm.runInNewContext(`${script}; SignIn`, world);
  page.element = element;
  page.press = async (id) => {
    await element(id).pressed();
    return page.gone;
  };
  return page;
}

const asked = async (page) => {
  const body = JSON.stringify({ query: "{ viewer { username } }" });
  const headers = { "content-type": "application/json" };
  return (await page.signIn.fetch("/graphql", { method: "POST", body, headers })).json();
};

const done = {};
const first = open(`${given.issuer}/`);
await first.signIn.start();
done.before = (await asked(first)).errors[0].extensions.code;
const unasked = await first.press("enter");
store.set("servicespace.asked", JSON.stringify({ ...JSON.parse(store.get("servicespace.asked")), nonce: "another" }));
const forged = open(await browse(unasked, given.who));
await forged.signIn.start();
done.forged = [forged.element("who").textContent, store.has("servicespace.tokens")];
const to = await forged.press("enter");

const second = open(await browse(to, given.who));
await second.signIn.start();
done.who = second.element("who").textContent;
done.after = (await asked(second)).data.viewer.username;

const tokens = JSON.parse(store.get("servicespace.tokens"));
store.set("servicespace.tokens", JSON.stringify({ ...tokens, until: 0 }));
done.outage = [];
for (const each of [async () => new Response("{}", { status: 503 }), async () => Promise.reject(new TypeError("away"))]) {
  outage = each;
  done.outage.push((await asked(second)).data.viewer.username, store.has("servicespace.tokens"));
}
outage = null;
const both = await Promise.all([asked(second), asked(second)]);
done.refreshed = both.map((each) => each.data.viewer.username);

const left = await browse(await second.press("leave"), given.who);
const third = open(left);
await third.signIn.start();
done.left = [left.href, third.element("enter").hidden];

console.log(JSON.stringify(done));
