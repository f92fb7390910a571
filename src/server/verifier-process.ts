import { type ChildProcess, spawn } from 'node:child_process';

import { z } from 'zod';

import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../settings/config.ts';
import type { Log } from '../platform/log.ts';
import { PULSE, type PulseLimits, watchPulse } from '../platform/pulse.ts';

/** What the verifier sends once, when both its listeners are open. */
const readyMessage = z.object({ type: z.literal('ready'), verifierPort: z.number(), gatewayPort: z.number() });

export type Ready = z.infer<typeof readyMessage>;

/** What the verifier is asked again and again, and answers with the same. */
export const PULSE_MESSAGE = { type: 'pulse' } as const;

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
  pulse?: PulseLimits;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A verifier that ran this long was healthy: its next failure is a new one. */
const HEALTHY_MS = 30_000;

/**
 * Starts the verifier and keeps it running: when it dies it is started again after 0.1 s, doubling up to 5 s. One that
 * does not answer its parent any more is killed, and so started again. Gateways fail closed meanwhile.
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
        if (supervision.isStopping) return;
        const next = launch(parts);
        supervise(next);
        void firstReady(next).then((isReady) => isReady && killIfSilent(next, parts));
      }, pauseMs);
    });
  };
  supervise(first);
  killIfSilent(first, parts);
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

/** Only once it is ready: what it does before, such as reading journals, takes as long as it takes. */
function killIfSilent(child: ChildProcess, { log, pulse = PULSE }: VerifierParts): void {
  let answered = (): void => undefined;
  child.on('message', () => answered());
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      answered = resolve;
      child.send(PULSE_MESSAGE, (error) => error && reject(error));
    });
  const kill = (): void => {
    log.error('the verifier does not answer; it is killed');
    child.kill('SIGKILL');
  };
  const watch = watchPulse(ask, kill, pulse);
  child.once('exit', () => watch.stop());
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
