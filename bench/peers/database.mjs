// PostgreSQL by `pg`: values come as the answers want them, statements are prepared by name.
import { readFileSync } from "node:fs";
import pg from "pg";

const BIGINT = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

pg.types.setTypeParser(BIGINT, Number);
pg.types.setTypeParser(DATE, (text) => text);
pg.types.setTypeParser(TIMESTAMPTZ, (text) => `${text.slice(0, 10)}T${text.slice(11).replace("+00", "Z")}`);

export function makePool(host, database) {
  return new pg.Pool({ host, database, user: "postgres", max: 8, min: 8, options: "-c TimeZone=UTC" });
}

export function makeStatements(folder) {
  const texts = new Map();
  return function statement(name) {
    let text = texts.get(name);
    if (text === undefined) {
      text = readFileSync(`${folder}/${name}.sql`, "utf8");
      texts.set(name, text);
    }
    return text;
  };
}
