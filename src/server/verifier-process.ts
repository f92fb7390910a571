import { type ChildProcess, spawn } from 'node:child_process';

import { z } from 'zod';

import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';

/** What the verifier sends once, when both its listeners are open. */
const readyMessage = z.object({ type: z.literal('ready'), verifierPort: z.number(), gatewayPort: z.number() });

export type Ready = z.infer<typeof readyMessage>;

export interface VerifierProcess {
  ready: Ready;
  /** Asks it to end; kills it after `deadlineMs`. Resolves when it is gone. */
  stop(deadlineMs: number): Promise<void>;
}

export interface VerifierParts {
  /** The verifier's entry point and its arguments. */
  command: readonly string[];
  environment: Environment;
  clock: Clock;
  log: Log;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A verifier that ran this long was healthy: its next failure is a new one. */
const HEALTHY_MS = 30_000;

/**
 * Starts the verifier and keeps it running: when it dies it is started again after 0.1 s, doubling up to 5 s.
 * Gateways fail closed meanwhile.
 * @returns null when it ends before it was ever ready; it has said why on standard error
 */
export async function startVerifier(parts: VerifierParts): Promise<VerifierProcess | null> {
  const first = launch(parts);
  const ready = await firstReady(first);
  if (!ready) return null;
  const supervision = { child: first, isStopping: false, failures: 0 };
  const supervise = (child: ChildProcess): void => {
    const startedAtMs = parts.clock.nowMs();
    supervision.child = child;
    child.once('exit', (code, signal) => {
      if (supervision.isStopping) return;
      if (parts.clock.nowMs() - startedAtMs >= HEALTHY_MS) supervision.failures = 0;
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** supervision.failures, LONGEST_PAUSE_MS);
      supervision.failures += 1;
      parts.log.error({ code, signal, pauseMs }, 'the verifier ended; it is started again');
      setTimeout(() => {
        if (!supervision.isStopping) supervise(launch(parts));
      }, pauseMs);
    });
  };
  supervise(first);
  return {
    ready,
    stop: (deadlineMs) => {
      supervision.isStopping = true;
      return stop(supervision.child, deadlineMs);
    },
  };
}

function launch({ command, environment }: VerifierParts): ChildProcess {
  return spawn(process.execPath, command, { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

function firstReady(child: ChildProcess): Promise<Ready | null> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve(null));
    child.once('message', (message) => resolve(readyMessage.parse(message)));
  });
}

function stop(child: ChildProcess, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
