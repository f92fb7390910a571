import { type SpawnOptions, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { findProgram } from './programs.ts';

export interface PostgresServer {
  /** URL of a database on this server. */
  url(databaseName: string): string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL for one test run in `folder`, reachable by its Unix socket only. Nothing is made durable:
 * the data lives as long as the run. Returns null when PostgreSQL is not installed.
 */
export async function startPostgres(folder: string): Promise<PostgresServer | null> {
  const program = findProgram('postgres');
  if (program === null) return null;
  mkdirSync(folder, { mode: 0o700 });
  const owner = unprivilegedOwner(folder);
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
  execFileSync(join(dirname(program), 'initdb'), initdb, {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=200', 'fsync=off'];
  const relaxed = ['synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'max_wal_size=4GB'];
  const flags = [...settings, ...relaxed].flatMap((setting) => ['-c', setting]);
  const server = spawn(program, ['-D', data, ...flags], { ...owner, cwd: folder, stdio: 'ignore' });
  // SIGQUIT ends every session at once; there is nothing to save.
  const quit = (): void => void server.kill('SIGQUIT');
  process.on('exit', quit);
  const stop = async (): Promise<void> => {
    process.off('exit', quit);
    if (server.exitCode !== null || !server.kill('SIGQUIT')) return;
    await once(server, 'exit');
  };
  await waitUntilReady(data, () => server.exitCode);
  return { stop, url: (name) => `postgres://postgres@localhost/${name}?host=${encodeURIComponent(folder)}` };
}

/** PostgreSQL refuses to run as root: as root it is given the user that Debian's package made. */
function unprivilegedOwner(folder: string): Pick<SpawnOptions, 'uid' | 'gid'> {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const owner = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(folder, owner.uid, owner.gid);
  return owner;
}

async function waitUntilReady(data: string, exitCode: () => number | null): Promise<void> {
  const status = join(data, 'postmaster.pid');
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (exitCode() !== null) throw new Error('the PostgreSQL server of the tests ended while starting');
    // The last line of this file is the state of the server.
    if (existsSync(status) && /\nready\s*$/.test(readFileSync(status, 'utf8'))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the PostgreSQL server of the tests was not ready after 30 seconds');
}
