import type { ApiClient } from './api-client.ts';
import type { Outcome, Report } from './outcome.ts';
import type { Terminal } from './terminal.ts';

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a command works with. */
export interface Work {
  terminal: Terminal;
  /** Signed in; only where the command says `needsToken`. */
  api: ApiClient;
  /** Arguments in their order; absent ones are `undefined`. */
  words: readonly (string | undefined)[];
  /** By the long name of the option, in camel case. */
  options: OptionValues;
}

/** One line of the table of commands: help, completion, the guide's check and the tests are made from it. */
export interface Command {
  /** `keys rotate` */
  name: string;
  /** As commander writes them: `<key>`, `[application]`. */
  words?: string;
  summary: string;
  /** More of the help, in whole sentences. */
  details?: string;
  options?: readonly (readonly [flags: string, meaning: string])[];
  examples: readonly string[];
  needsToken: boolean;
  run(work: Work): Promise<Outcome<Report>>;
}

export function textOption({ options }: Work, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function listOption({ options }: Work, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

export function isGiven({ options }: Work, name: string): boolean {
  return options[name] === true;
}
