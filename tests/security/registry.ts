import type { NamedTest } from './test-titles.ts';

/** How an entry is answered. `host`: by who runs the portal, not by its code. */
export type Answer =
  | { kind: 'met'; tests: readonly NamedTest[]; guides: readonly string[] }
  | { kind: 'unmet' | 'host' | 'absent'; reason: string };

/** One requirement, or one past vulnerability. */
export interface Entry {
  /** The first line, up to the first ` | `, or the whole of it. */
  subject: string;
  /** What stands behind each further ` | ` of the first line. */
  columns: readonly string[];
  /** The `# ...` line above. */
  section: string;
  answer: Answer;
}

export interface Registry {
  entries: readonly Entry[];
  /** One line each: what cannot be read, and what names a test that there is not. */
  problems: readonly string[];
}

const kinds = { unmet: 'unmet', host: 'host', absent: 'absent' } as const;

/**
 * Reads a list of what has to hold, and the tests that show it:
 *
 *     # Section
 *     subject | more | and more
 *       test <file below tests, without ending> > <title, or as much of the path before it as makes it unique>
 *       guide <slug>#<heading>
 *
 * In place of `test` and `guide` an entry may have one line `unmet`, `host` or `absent` with its reason.
 */
export function readRegistry(text: string, tests: readonly NamedTest[]): Registry {
  const problems: string[] = [];
  const entries: Entry[] = [];
  let section = '';
  for (const block of text.split(/\n(?=\S)/)) {
    const [first = '', ...lines] = block.split('\n').filter((line) => line.trim() !== '');
    if (first.startsWith('# ')) section = first.slice(2);
    if (first === '' || first.startsWith('#')) continue;
    const [subject = '', ...columns] = first.split(' | ');
    const told = (problem: string): number => problems.push(`${subject}: ${problem}`);
    entries.push({ subject, columns, section, answer: answerOf(lines, tests, told) });
  }
  return { entries, problems };
}

function answerOf(lines: readonly string[], tests: readonly NamedTest[], told: (problem: string) => unknown): Answer {
  const read = lines.map((line) => /^ {2}(\w+) (.+)$/.exec(line)?.slice(1) ?? ['', line]);
  const [[kind = '', reason = ''] = []] = read;
  if (kind in kinds) {
    if (read.length > 1) told('a reason, and something besides');
    return { kind: kinds[kind as keyof typeof kinds], reason };
  }
  const found: NamedTest[] = [];
  const guides: string[] = [];
  for (const [word = '', value = ''] of read) {
    if (word === 'guide') guides.push(value);
    else if (word !== 'test') told(`cannot be read: ${value}`);
    else {
      const named = testsNamed(value, tests);
      if (named.length !== 1) told(`${named.length} tests are called ${value}`);
      found.push(...named.slice(0, 1));
    }
  }
  if (found.length + guides.length === 0) told('is not answered');
  return { kind: 'met', tests: found, guides };
}

/** `key-rotation/rotate-key > ends the old key at once`: the whole path of a test within its file, or its end. */
function testsNamed(name: string, tests: readonly NamedTest[]): NamedTest[] {
  const [file = ''] = name.split(' > ', 1);
  const path = name.slice(file.length + ' > '.length);
  const inFile = tests.filter((test) => test.file === file);
  const whole = inFile.filter((test) => test.path === path);
  return whole.length > 0 ? whole : inFile.filter((test) => test.path.endsWith(` > ${path}`));
}
