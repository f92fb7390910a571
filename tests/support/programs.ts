import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What real gateways, a real browser and a real PostgreSQL are tested with: Debian package -> program. */
export const debianPrograms = {
  caddy: 'caddy',
  chromium: 'chromium',
  haproxy: 'haproxy',
  nginx: 'nginx',
  postgresql: 'postgres',
  python3: 'python3',
  wrk: 'wrk',
} as const;

export type DebianPackage = keyof typeof debianPrograms;

/** Absolute path of a program, null when the machine has none. */
export function findProgram(name: string): string | null {
  return (
    programFolders()
      .map((folder) => join(folder, name))
      .find((path) => existsSync(path)) ?? null
  );
}

/** Debian keeps daemons in sbin, which is not on everybody's PATH, and PostgreSQL's programs by version. */
function programFolders(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const postgres = versions.map((version) => join(debian, version, 'bin'));
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', ...postgres];
}
