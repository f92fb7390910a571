import { CompiledQuery, type Transaction } from 'kysely';

/** An insert of many rows into one table, whose text never changes. */
export interface PreparedInsert {
  table: string;
  /** In the order in which they are written. */
  columns: Readonly<Record<string, 'text' | 'integer'>>;
  /** From `on conflict` on: what to do with a row that exists. */
  ending: string;
  /** What to return of each row. */
  returning?: string;
}

/** As far as a driver's prepared statement is needed here. */
interface RowStatement {
  run(values: readonly unknown[]): unknown;
  get(values: readonly unknown[]): unknown;
}

/**
 * Writes rows as part of a transaction, and returns what the insert's `returning` asks for. No two rows of one call may
 * have the same key.
 */
export type InsertRows<Schema, Row, Returned> = (
  transaction: Transaction<Schema>,
  rows: readonly Row[],
) => Promise<Returned[]>;

/**
 * For SQLite: one statement per row. Composing and binding a statement of many rows took three times as long, and
 * `json_each` with a single parameter as well.
 * @param prepare on the connection that all transactions of this database use
 */
export function insertOnSqlite<Schema, Row, Returned>(
  { table, columns, ending, returning }: PreparedInsert,
  prepare: (sql: string) => RowStatement,
): InsertRows<Schema, Row, Returned> {
  const names = Object.keys(columns) as (string & keyof Row)[];
  const places = names.map(() => '?').join(', ');
  const sql = `insert into ${table} (${names.join(', ')}) values (${places}) ${ending}${returningOf(returning)}`;
  const values: unknown[] = names.map(() => null);
  let statement: RowStatement | null = null;
  const write = (row: Row): Returned => {
    statement ??= prepare(sql);
    let index = 0;
    for (const name of names) values[index++] = row[name];
    return (returning === undefined ? statement.run(values) : statement.get(values)) as Returned;
  };
  return (_, rows) =>
    new Promise((resolve) => {
      const returned = rows.map(write);
      resolve(returning === undefined ? [] : returned);
    });
}

/** For PostgreSQL: one statement with an array per column, so that its text does not grow with the rows. */
export function insertOnPostgres<Schema, Row, Returned>({
  table,
  columns,
  ending,
  returning,
}: PreparedInsert): InsertRows<Schema, Row, Returned> {
  const names = Object.keys(columns) as (keyof Row)[];
  const arrays = Object.values(columns).map((type, at) => `$${at + 1}::${type === 'text' ? 'text' : 'bigint'}[]`);
  const selected = `select * from unnest(${arrays.join(', ')})`;
  const sql = `insert into ${table} (${names.join(', ')}) ${selected} ${ending}${returningOf(returning)}`;
  return async (transaction, rows) => {
    if (rows.length === 0) return [];
    const values = names.map((name) => rows.map((row) => row[name]));
    return (await transaction.executeQuery<Returned>(CompiledQuery.raw(sql, values))).rows;
  };
}

function returningOf(returning: string | undefined): string {
  return returning === undefined ? '' : ` returning ${returning}`;
}
