import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { WatchedPortal } from './watched-portal.ts';

/**
 * Where secrets stand that must stand nowhere: in files of the data folder (database, its log, mails) or in what the
 * portal and the verifier have written.
 * @param secrets what they are called, and the secret
 */
export function findKept(
  portal: WatchedPortal,
  secrets: readonly (readonly [name: string, secret: string])[],
): string[] {
  const { dataDir } = portal.process;
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const places: [string, string][] = [
    ...files.map(({ name, parentPath }): [string, string] => [name, readFileSync(join(parentPath, name), 'latin1')]),
    // The first owner's link is told once, on purpose.
    ['output', portal.process.output().replace(portal.process.firstOwnerUrl, '')],
  ];
  return places.flatMap(([place, text]) =>
    secrets.filter(([, secret]) => text.includes(secret)).map(([name]) => `${name} in ${place}`),
  );
}
