// Serves one of the peers until it is told to stop: node server.mjs NAME HOST DATABASE STATEMENTS; prints its port.
import { readFileSync } from "node:fs";
import { makeAsker } from "./asker.mjs";
import { makePool, makeStatements } from "./database.mjs";
import { Loaders } from "./loaders.mjs";
import { resolvers } from "./resolvers.mjs";
import { SERVERS } from "./servers.mjs";

const [name, host, database, folder] = process.argv.slice(2);
const typeDefs = readFileSync(new URL("schema.graphql", import.meta.url), "utf8");
const pool = makePool(host, database);
const statement = makeStatements(folder);
const asker = await makeAsker(pool, statement);
const makeContext = async (authorization) => ({ loaders: new Loaders(pool, statement, await asker(authorization)) });

console.log(await SERVERS[name](typeDefs, resolvers, makeContext));
