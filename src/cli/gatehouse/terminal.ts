import type { Random } from '../../platform/random.ts';

/** What the program may reach of the machine that it runs on, beside its own files. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  /** Home folder of whoever runs it. */
  home: string;
  hostName: string;
  /** Everything on standard input. */
  readInput(): Promise<string>;
  writeOut(text: string): void;
  writeError(text: string): void;
  fetch: typeof fetch;
  /** Runs a shell command with `input` on its standard input; what it writes goes to standard error. */
  run(command: string, input: string, variables: Readonly<Record<string, string>>): Promise<number>;
  sleep(milliseconds: number): Promise<void>;
  nowMs(): number;
  random: Random;
}

/** A variable of the environment; an empty one counts as absent. */
export function variable({ env }: Pick<Terminal, 'env'>, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

/** Without the characters that could move the cursor or repaint a terminal: names come from other people. */
export function plainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '?');
}
