import { sha256Hex } from '../platform/hash.ts';

/** Of a parameter of a look-up. */
export type ParameterType = 'bytea' | 'text' | 'bigint';

/** Runs a prepared statement on PostgreSQL. */
export type RunNamed = (query: { name: string; text: string; values: unknown[] }) => Promise<{ rows: unknown[] }>;

interface Asked<Row> {
  parameters: readonly unknown[];
  resolve: (row: Row | undefined) => void;
  reject: (error: unknown) => void;
}

/** More would only make the server read for one call while others wait. */
const MOST_UNDER_WAY = 2;
const MOST_AT_ONCE = 200;
const POSITION = 'lookup_position';

/**
 * Sends look-ups that are asked for in one turn, or while others are under way, to PostgreSQL as one statement: sending one
 * took more processor time than everything else about a call. None is answered with what was read before it was asked.
 * Parameters are hashes and names of ours: one that the server refused would fail the look-ups beside it.
 * @param sql with `?` placeholders; of what it returns for one look-up, the first row counts
 */
export function batchLookups<Row>(
  run: RunNamed,
  sql: string,
  types: readonly ParameterType[],
): (parameters: readonly unknown[]) => Promise<Row | undefined> {
  const text = manyAtOnce(sql, types);
  // PostgreSQL cuts names after 63 characters; two statements that begin alike must not become one.
  const name = sha256Hex(text).slice(0, 32);
  let waiting: Asked<Row>[] = [];
  let underWay = 0;

  async function send(asked: readonly Asked<Row>[]): Promise<void> {
    underWay += 1;
    try {
      const values = types.map((_, column) => asked.map(({ parameters }) => parameters[column]));
      const { rows } = await run({ name, text, values });
      const found = new Map<number, Row>();
      for (const row of rows as (Row & Record<typeof POSITION, number>)[])
        if (!found.has(row[POSITION])) found.set(row[POSITION], row);
      for (const [index, { resolve }] of asked.entries()) resolve(found.get(index + 1));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    } finally {
      underWay -= 1;
      sendWaiting();
    }
  }

  function sendWaiting(): void {
    while (waiting.length > 0 && underWay < MOST_UNDER_WAY) {
      const asked = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      void send(asked);
    }
  }

  return (parameters) =>
    new Promise((resolve, reject) => {
      waiting.push({ parameters, resolve, reject });
      // What else this turn asks for goes along.
      if (waiting.length === 1) queueMicrotask(sendWaiting);
    });
}

/** The statement for as many rows of parameters as there are in its arrays. */
function manyAtOnce(sql: string, types: readonly ParameterType[]): string {
  let position = 0;
  const one = sql.replace(/\?/g, () => `asked.p${(position += 1)}`);
  const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
  const columns = types.map((_, index) => `p${index + 1}`).join(', ');
  return `select asked.${POSITION}, found.*
    from unnest(${arrays}) with ordinality as asked (${columns}, ${POSITION})
    cross join lateral (${one}) found`;
}
