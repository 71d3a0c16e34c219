// The servers, each at its best documented settings; every one is given a context maker and gives its port.
import { createServer } from "node:http";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import Fastify from "fastify";
import { createSchema, createYoga } from "graphql-yoga";
import mercurius from "mercurius";

const LOOPBACK = "127.0.0.1";

function mercuriusServer(jit) {
  return async function serve(typeDefs, resolvers, makeContext) {
    const app = Fastify({ logger: false });
    await app.register(mercurius, {
      schema: typeDefs,
      resolvers,
      context: (request) => makeContext(request.headers.authorization),
      ...(jit ? { jit: 1 } : {}),
    });
    await app.listen({ host: LOOPBACK, port: 0 });
    return app.server.address().port;
  };
}

async function yoga(typeDefs, resolvers, makeContext) {
  const handler = createYoga({
    schema: createSchema({ typeDefs, resolvers }),
    context: ({ request }) => makeContext(request.headers.get("authorization")),
    logging: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    parserAndValidationCache: true,
  });
  const server = createServer(handler);
  await new Promise((listening) => server.listen(0, LOOPBACK, listening));
  return server.address().port;
}

async function apollo(typeDefs, resolvers, makeContext) {
  const server = new ApolloServer({
    typeDefs,
    resolvers,
    introspection: false,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
  });
  const { url } = await startStandaloneServer(server, {
    context: ({ req }) => makeContext(req.headers.authorization),
    listen: { host: LOOPBACK, port: 0 },
  });
  return Number(new URL(url).port);
}

export const SERVERS = {
  mercurius: mercuriusServer(false),
  "mercurius-jit": mercuriusServer(true),
  yoga,
  apollo,
};
