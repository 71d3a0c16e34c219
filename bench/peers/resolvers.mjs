// The resolvers of all servers on Node; every other field is read off the object.
const under = (name) => (solution, { first }, { loaders }) => loaders.under(name, solution.key, first);

export const resolvers = {
  Query: {
    viewer: (_, __, { loaders }) => loaders.user,
    solutions: async (_, { first }, { loaders }) => ({ nodes: await loaders.solutions(first) }),
  },
  Viewer: { customer: (_, __, { loaders }) => loaders.customer() },
  Solution: {
    invoices: under("invoices"),
    tickets: under("tickets"),
    components: under("components"),
    maintenance: under("maintenance"),
  },
  Component: {
    location: ({ locationKey }, _, { loaders }) => (locationKey === null ? null : loaders.location.load(locationKey)),
  },
  BillingDocument: { __resolveType: (row) => row.__typename },
};
