import { type ChildProcess, spawn } from 'node:child_process';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 12_000;

export interface ProgramOptions {
  command: string;
  words?: readonly string[];
  /** Added to the environment of the tests. */
  environment?: Readonly<Record<string, string>>;
  folder?: string;
  /** It is ready when its output has this, or when this port takes connections. */
  ready: RegExp | number;
  /** 30 seconds without it. */
  readyWithinMs?: number;
}

export interface Program {
  readonly process: ChildProcess;
  /** Everything it has written so far, on both streams. */
  output(): string;
  /** SIGTERM, and after 12 s SIGKILL; its children end with it. Resolves to the exit code. */
  stop(): Promise<number | null>;
}

/** Ports of 127.0.0.1 that nobody uses now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Lets a server listen on a free port of 127.0.0.1; `close` ends its connections too. */
export async function listenOnFreePort(server: HttpServer): Promise<{ url: string; close: () => void }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Starts a program and waits until it is ready. Throws with its output when it ends or is late. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const child = spawn(options.command, options.words ?? [], {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that its children can be ended with it.
    detached: true,
  });
  const output = collectOutput(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killGroup = (): void => kill(child);
  process.once('exit', killGroup);
  const stop = async (): Promise<number | null> => {
    process.off('exit', killGroup);
    if (isRunning(child) && child.kill('SIGTERM'))
      await Promise.race([ended, sleep(STOP_WITHIN_MS, null, { ref: false })]);
    killGroup();
    if (child.pid !== undefined) await ended;
    return child.exitCode;
  };
  if (!(await becomesReady(options, child, output))) {
    await stop();
    throw new Error(`${options.command} did not become ready:\n${output()}`);
  }
  return { process: child, output, stop };
}

function collectOutput(child: ChildProcess): () => string {
  const chunks: string[] = [];
  const collect = (data: Buffer): void => void chunks.push(data.toString('utf8'));
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  child.once('error', (error) => chunks.push(error.message));
  return () => chunks.join('');
}

async function becomesReady(
  { ready, readyWithinMs = READY_WITHIN_MS }: ProgramOptions,
  child: ChildProcess,
  output: () => string,
): Promise<boolean> {
  const startedAt = performance.now();
  while (isRunning(child) && performance.now() - startedAt < readyWithinMs) {
    if (ready instanceof RegExp ? ready.test(output()) : await takesConnections(ready)) return true;
    await sleep(25);
  }
  return false;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}

function listenAnywhere(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
