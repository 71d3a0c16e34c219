/*
 * Starts GraphiQL on this server's own /graphql, as who is signed in (sign-in.js).
 *
 * The address may end in #token=TOKEN&query=QUERY. A fragment is never sent to a server; it is taken out of
 * the address bar at once, and the token is put where a user can see and change it: the headers editor.
 * The token is never stored: GraphiQL keeps headers in its history, so the history is kept in memory only.
 */
"use strict";

const memory = new Map();
const isHistory = (key) => /:(queries|favorites)$/.test(key);
const storage = {
  get length() {
    return localStorage.length;
  },
  getItem: (key) => (isHistory(key) ? (memory.get(key) ?? null) : localStorage.getItem(key)),
  setItem: (key, value) => (isHistory(key) ? memory.set(key, value) : localStorage.setItem(key, value)),
  removeItem: (key) => (isHistory(key) ? memory.delete(key) : localStorage.removeItem(key)),
  clear: () => {
    memory.clear();
    localStorage.clear();
  },
};

const given = new URLSearchParams(location.hash.slice(1));
if (location.hash) {
  history.replaceState(null, "", location.pathname + location.search);
}

const start = () => {
  const token = given.get("token");
  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, {
      fetcher: GraphiQL.createFetcher({ url: "/graphql", fetch: SignIn.fetch }),
      headers: token ? JSON.stringify({ Authorization: "Bearer " + token }, null, 2) : undefined,
      query: given.get("query") || undefined,
      defaultQuery: "# Not signed in yet? The button is above.\n\n{\n  viewer { username customer { name } }\n  solutions { nodes { name category status } }\n}\n",
      defaultEditorToolsVisibility: token ? "headers" : "variables",
      shouldPersistHeaders: false,
      storage: storage,
    }),
  );
};

SignIn.start().finally(start);
