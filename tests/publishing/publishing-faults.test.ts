import { spawn } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { publishRevision } from '../../src/publishing/publish-revision.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import type { KilledPublication } from './killed-publication.ts';
import { KEY, NOW_MS, type OpenPress, documentText, findHalfPublished, openPress, pressOn, shownTo } from './press.ts';
import { type Change, makeChange } from './publishing-changes.ts';
import { watchStatements } from './statement-faults.ts';

const program = join(import.meta.dirname, 'killed-publication.ts');

let press: OpenPress;
let template: string;
let copies = 0;

/** Revision 2 is published over 1, and 3 waits. */
beforeAll(async () => {
  press = await openPress('sqlite');
  await press.submit(documentText('2.1.0', ['/parcels', '/quotes', '/labels']));
  await publishRevision(press.press, press.owner, { ...KEY, number: 2, basis: 1, allowsBreaking: false, note: '' });
  await press.submit(documentText('2.2.0', ['/parcels', '/labels']));
  await sql`pragma wal_checkpoint(truncate)`.execute(press.portal.database.kysely);
  template = press.portal.url.replace('sqlite:', '');
});
afterAll(() => press.close());

function copy(): string {
  const path = `${template}-${(copies += 1)}`;
  copyFileSync(template, path);
  return path;
}

/** Looks at what is left, as whoever opens the file next does. */
async function shownIn(path: string): Promise<string> {
  const database = openDatabase<PortalSchema>({ url: `sqlite:${path}` });
  try {
    expect(await findHalfPublished(database)).toEqual([]);
    return (await shownTo(database)).documentVersion;
  } finally {
    await database.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  }
}

/** Makes the change while the n-th statement fails, or all from there on; resolves to whether it came to its end. */
async function failAt(path: string, change: Change, statement: number, forGood: boolean): Promise<boolean> {
  const database = openDatabase<PortalSchema>({ url: `sqlite:${path}` });
  const watched = watchStatements((done) => {
    if (done === statement || (forGood && done > statement)) throw new Error('disk I/O error');
  });
  try {
    const deps = pressOn(database, press.usageDatabase.database, { nowMs: NOW_MS + 1000 });
    const outcome = await makeChange(change, deps, press.owner).catch(() => null);
    return outcome?.ok === true && watched.done() <= statement;
  } finally {
    watched.stop();
    await database.close();
  }
}

test.each([
  ['submit', '2.1.0', 8],
  ['publish', '2.2.0', 20],
  ['roll back', '2.0.0', 20],
  ['discard', '2.1.0', 5],
] as const)(
  'whichever statement of "%s" fails, once or for good, all of it is done or nothing',
  async (change, after, least) => {
    for (const forGood of [false, true]) {
      let statement = 0;
      for (; ; statement += 1) {
        const path = copy();
        const isDone = await failAt(path, change, statement, forGood);
        const shown = await shownIn(path);
        expect(isDone ? [after] : ['2.1.0', after]).toContain(shown);
        if (isDone) break;
      }
      expect(statement).toBeGreaterThanOrEqual(least);
    }
  },
  60_000,
);

test('a process that is killed while it publishes leaves the document before it', async () => {
  const request: Omit<KilledPublication, 'url' | 'statements'> = {
    usageUrl: press.usageDatabase.url,
    change: 'publish',
    actor: { ...press.owner, teamRoles: new Map() },
    nowMs: NOW_MS + 1000,
  };
  const killed = [14, 18, 22].map(async (statements) => {
    const own = copy();
    const words = [program, JSON.stringify({ ...request, statements, url: `sqlite:${own}` })];
    const child = spawn(process.execPath, words, { stdio: 'inherit' });
    const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, by) => resolve(by)));
    return [signal, await shownIn(own)];
  });
  expect(await Promise.all(killed)).toEqual(Array(3).fill(['SIGKILL', '2.1.0']));
}, 120_000);
