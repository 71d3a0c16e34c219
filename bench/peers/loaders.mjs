// The rows of one request: one DataLoader for each field and size, each batch one statement.
import DataLoader from "dataloader";

const globalId = (kind, key) => Buffer.from(`${kind}:${key}`).toString("base64url");

const MAKERS = {
  invoices(row) {
    const type = row.kind === "INVOICE" ? "Invoice" : "CreditNote";
    return {
      __typename: type,
      id: globalId(type, row.id),
      number: row.number,
      kind: row.kind,
      issuedOn: row.issued_on,
      amount: { amount: amount(row.tax_included_minor), currency: row.currency },
      status: row.status,
    };
  },
  tickets(row) {
    return {
      id: globalId("Ticket", row.id),
      reference: row.reference,
      title: row.title,
      priority: row.priority,
      status: row.status,
      openedAt: row.opened_at,
    };
  },
  components(row) {
    return {
      id: globalId("Component", row.id),
      name: row.name,
      kind: row.kind,
      locationKey: row.location,
      status: row.status,
    };
  },
  maintenance(row) {
    return {
      id: globalId("MaintenanceEvent", row.id),
      reference: row.reference,
      kind: row.kind,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      status: row.status,
    };
  },
};

function amount(minor) {
  const digits = String(Math.abs(minor)).padStart(3, "0");
  return `${minor < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export class Loaders {
  constructor(pool, statement, user) {
    this.pool = pool;
    this.statement = statement;
    this.user = user;
    this.lists = new Map();
    this.location = new DataLoader((keys) => this.loadLocations(keys));
  }

  async rows(name, ...values) {
    const result = await this.pool.query({ name, text: this.statement(name), values });
    return result.rows;
  }

  async customer() {
    const [row] = await this.rows("customer", this.user.customer);
    return row && { id: globalId("Customer", row.id), name: row.name };
  }

  async solutions(first) {
    const rows = await this.rows("solutions", this.user.customer, first);
    return rows.map((row) => ({ ...row, key: row.id, id: globalId("Solution", row.id) }));
  }

  under(name, solution, first) {
    const named = `${name} ${first}`;
    let loader = this.lists.get(named);
    if (loader === undefined) {
      loader = new DataLoader((keys) => this.loadUnder(name, first, keys), { maxBatchSize: 1000 });
      this.lists.set(named, loader);
    }
    return loader.load(solution);
  }

  async loadUnder(name, first, keys) {
    const make = MAKERS[name];
    const found = new Map(keys.map((key) => [key, { nodes: [] }]));
    for (const row of await this.rows(name, this.user.customer, keys, first)) {
      found.get(row.parent_key).nodes.push(make(row));
    }
    return keys.map((key) => found.get(key));
  }

  async loadLocations(keys) {
    const rows = await this.rows("locations", this.user.customer, keys);
    const found = new Map(rows.map((row) => [row.id, row]));
    return keys.map((key) => found.get(key) ?? null);
  }
}
