/** How the program ends. The numbers are documented and do not change. */
export const exitCodes = {
  ok: 0,
  /** The portal refused it, or it could not be done. */
  failed: 1,
  wrongUse: 2,
  /** No access token, or one that has ended. */
  notSignedIn: 3,
  notFound: 4,
  /** The portal was not reached, or what answered was no portal that works. */
  unreachable: 5,
  /** The access token may not do this. */
  notAllowed: 6,
  /** The new key could not be handed over. */
  notDelivered: 10,
  /** The check call with the new key did not succeed. */
  checkFailed: 11,
  /** The new key works, but the old one could not be ended. */
  oldKeyRemains: 12,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface Failure {
  ok: false;
  exit: ExitCode;
  /** For programs: the code of the portal's refusal, or one of the program's own. */
  code: string;
  /** One line: what happened, and what to do. */
  message: string;
}

export type Outcome<Value> = { ok: true; value: Value } | Failure;

/** What a command has to say: for programs, and for people. */
export interface Report {
  /** Written as JSON with `--json`. */
  data: unknown;
  /** Written otherwise; may be empty. */
  text: string;
  /** Written instead of both, as it is: a key that was asked for on standard output. `data` and `text` go to standard error. */
  secret?: string;
  /** To be called when everything has been written. */
  settle?: () => void;
}

export function done<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function failure(exit: keyof typeof exitCodes, code: string, message: string): Failure {
  return { ok: false, exit: exitCodes[exit], code, message };
}

export function wrongUse(message: string): Failure {
  return failure('wrongUse', 'wrong_use', message);
}
