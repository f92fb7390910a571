import { setImmediate as nextTurn } from 'node:timers/promises';

import type { AccountDataStore } from './account-data-store.ts';

const ENTRIES_PER_READ = 500;

/**
 * Everything about an account as one JSON object, in pieces: however long its history is, a few hundred entries are in
 * memory, and others are answered between two pieces. Times are written as ISO 8601 in UTC.
 */
export async function* exportAccount(
  store: AccountDataStore,
  accountId: string,
  nowMs: number,
): AsyncGenerator<string> {
  yield `{\n"exportedAt": ${JSON.stringify(new Date(nowMs).toISOString())}`;
  for (const [name, rows] of Object.entries(await store.sections(accountId)))
    yield `,\n${JSON.stringify(name)}: ${JSON.stringify(rows.map(readable))}`;
  yield ',\n"auditLog": [';
  let after = 0;
  for (let isFirst = true; ; isFirst = false) {
    const entries = await store.auditEntries(accountId, after, ENTRIES_PER_READ);
    if (entries.length === 0) break;
    const lines = entries.map(({ details, ...entry }) =>
      JSON.stringify({ ...readable(entry), details: JSON.parse(details) as unknown }),
    );
    yield `${isFirst ? '' : ','}\n${lines.join(',\n')}`;
    after = entries.at(-1)?.sequence ?? after;
    await nextTurn();
  }
  yield '\n]\n}\n';
}

/** `created_at_ms: 0` -> `createdAt: '1970-01-01T00:00:00.000Z'` */
function readable(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      camelCase(name.replace(/_ms$/, '')),
      name.endsWith('_at_ms') && typeof value === 'number' ? new Date(value).toISOString() : value,
    ]),
  );
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
}
