import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import type { RequestOrigin } from '../accounts/account.ts';
import { commandLineAllowance } from '../accounts/allowance.ts';
import type { CommandLineRequest } from './command-line.form.ts';
import {
  type BeginCommandLineResult,
  COMMAND_LINE_CODE_MS,
  COMMAND_LINE_INTERVAL_SECONDS,
  drawUserCode,
  hashCommandLineCode,
} from './command-line-sign-in.ts';
import type { CommandLineStore } from './command-line-store.ts';
import { newToken } from '../email-addresses/one-time-token.ts';

export interface CommandLineDeps {
  commandLine: CommandLineStore;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
}

/** A program asks to be signed in; nobody has allowed it anything yet. */
export async function beginCommandLine(
  deps: CommandLineDeps,
  { deviceName, wantedScopes }: CommandLineRequest,
  { address }: RequestOrigin,
): Promise<BeginCommandLineResult> {
  const { random, sessionSecret } = deps;
  const createdAtMs = deps.clock.nowMs();
  const [deviceCode, userCode] = [newToken(random), drawUserCode(random)];
  const signIn = {
    id: newId(random, 'req'),
    deviceCodeHash: hashCommandLineCode(sessionSecret, 'device', deviceCode),
    userCodeHash: hashCommandLineCode(sessionSecret, 'person', userCode),
    deviceName,
    address,
    wantedScopes,
    createdAtMs,
    expiresAtMs: createdAtMs + COMMAND_LINE_CODE_MS,
  };
  const waitMs = await deps.commandLine.begin(signIn, commandLineAllowance(address));
  if (waitMs > 0) return { ok: false, reason: 'too_many_requests', retryAfterSeconds: Math.ceil(waitMs / 1000) };
  const expiresInSeconds = COMMAND_LINE_CODE_MS / 1000;
  return { ok: true, deviceCode, userCode, expiresInSeconds, intervalSeconds: COMMAND_LINE_INTERVAL_SECONDS };
}
