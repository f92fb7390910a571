import type { Answer, Entry } from './registry.ts';

const LEVELS = ['1', '2', '3'] as const;
type Level = (typeof LEVELS)[number];

/** The chapters of ASVS on one page each; together they are too long for one. */
const parts = [
  { slug: 'asvs-web', title: 'ASVS: input, pages, files', sections: /^V[1-5] /, position: 12 },
  { slug: 'asvs-access', title: 'ASVS: signing in, sessions, rights', sections: /^V(6|7|8|9|10) /, position: 13 },
  { slug: 'asvs-system', title: 'ASVS: cryptography, data, logs', sections: /^V1[1-7] /, position: 14 },
];

const HOW_TO_READ =
  'A test is named by its file below `tests/` and its title; `%s`, `%j` and `$name` in a title stand for the rows of a ' +
  'table. This page is generated, and a test fails when a test that it names is gone.';

/** File name below `content/guides/security/` -> text. */
export function guideTexts(asvs: readonly Entry[], vulnerabilities: readonly Entry[]): Map<string, string> {
  return new Map([
    ['asvs.md', overview(asvs)],
    ...parts.map((part): [string, string] => [
      `${part.slug}.md`,
      partText(
        part,
        asvs.filter(({ section }) => part.sections.test(section)),
      ),
    ]),
    ['past-vulnerabilities.md', vulnerabilityText(vulnerabilities)],
  ]);
}

function overview(entries: readonly Entry[]): string {
  const applicable = entries.filter(({ answer }) => answer.kind !== 'absent');
  const withReason = (kind: Answer['kind']): string[][] =>
    entries.filter(({ answer }) => answer.kind === kind).map((entry) => [...rowStart(entry), reasonOf(entry.answer)]);
  return lines(
    frontMatter(
      'ASVS, requirement by requirement',
      'Which requirements of OWASP ASVS 5.0 hold, which do not, and which test shows it.',
      11,
    ),
    'The [Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/)',
    '5.0.0 has 345 requirements: 70 of level 1, 183 of level 2, 92 of level 3. Every requirement of the levels 1 and 2 is',
    'answered here; of level 3 those that we chose to hold. The words are ours; the numbers are those of the standard.',
    '',
    ...parts.map(({ slug, title }) => `- [${title}](/guides/security/${slug})`),
    '',
    HOW_TO_READ,
    '',
    '## Counts',
    '',
    table(
      ['Level', 'Met', 'Not met', 'By who runs it', 'Does not apply', 'Of these met by a test'],
      LEVELS.map((level) => countRow(level, entries)),
    ),
    '',
    'Met without a test are requirements that ask for something to be written down: they link to where it is written.',
    '',
    table(
      ['Chapter', ...LEVELS.map((level) => `Level ${level}: met of those that apply`)],
      [...Map.groupBy(applicable, ({ section }) => section)].map(([section, own]) => [
        section,
        ...LEVELS.map((level) => share(level, own)),
      ]),
    ),
    '',
    '## Not met',
    '',
    table(['Requirement', 'Level', 'What', 'Why'], withReason('unmet')),
    '',
    '## By who runs it',
    '',
    table(['Requirement', 'Level', 'What', 'How'], withReason('host')),
    '',
    '## What does not apply',
    '',
    table(['Requirement', 'Level', 'What', 'Why'], withReason('absent')),
  );
}

function partText({ title, position }: (typeof parts)[number], entries: readonly Entry[]): string {
  const sections = [...Map.groupBy(entries, ({ section }) => section)];
  return lines(
    frontMatter(
      title,
      `Part of the table of ASVS 5.0: ${title.replace('ASVS: ', '')}, with the test behind each requirement.`,
      position,
    ),
    `${HOW_TO_READ} Counts and what is not met: [overview](/guides/security/asvs).`,
    ...sections.flatMap(([section, own]) => [
      '',
      `## ${section}`,
      '',
      table(
        ['Requirement', 'Shown by'],
        own.map((entry) => [requirement(entry), evidence(entry.answer)]),
      ),
    ]),
  );
}

function vulnerabilityText(entries: readonly Entry[]): string {
  return lines(
    frontMatter(
      'Past vulnerabilities of others',
      'What has gone wrong in products like this one and in their libraries, and the test that keeps it from happening here.',
      15,
    ),
    `${entries.length} weaknesses that were published about frameworks, gateways, developer portals, identity systems and`,
    'libraries. Each is a kind of mistake that could be made here too.',
    '',
    HOW_TO_READ,
    ...[...Map.groupBy(entries, ({ section }) => section)].flatMap(([section, own]) => [
      '',
      `## ${section}`,
      '',
      table(
        ['What happened', 'Shown by'],
        own.map(({ subject, columns: [product = '', what = ''], answer }) => [
          `${what}. ${product}: ${subject}`,
          evidence(answer),
        ]),
      ),
    ]),
  );
}

/** How many requirements an entry stands for: those that do not apply come in groups. */
function idsOf({ subject }: Entry): string[] {
  return subject.split(' ');
}

function count(level: Level, entries: readonly Entry[], fits: (answer: Answer) => boolean): number {
  const own = entries.filter(({ columns, answer }) => columns[0] === level && fits(answer));
  return own.flatMap(idsOf).length;
}

function countRow(level: Level, entries: readonly Entry[]): string[] {
  const of = (kind: Answer['kind']): number => count(level, entries, (answer) => answer.kind === kind);
  const tested = count(level, entries, (answer) => answer.kind === 'met' && answer.tests.length > 0);
  return [level, ...[of('met'), of('unmet'), of('host'), of('absent'), tested].map(String)];
}

/** What the host answers is not the program’s to meet. */
function share(level: Level, entries: readonly Entry[]): string {
  const met = count(level, entries, ({ kind }) => kind === 'met');
  const of = met + count(level, entries, ({ kind }) => kind === 'unmet');
  return of === 0 ? '' : `${met} of ${of}`;
}

function rowStart(entry: Entry): string[] {
  return [idsOf(entry).join(', '), ...entry.columns];
}

/** `6.2.1, level 1: Passwords have ...` */
function requirement({ subject, columns }: Entry): string {
  return `**${subject}**, level ${columns[0] ?? ''}: ${columns[1] ?? ''}`;
}

function reasonOf(answer: Answer): string {
  return answer.kind === 'met' ? '' : answer.reason;
}

function evidence(answer: Answer): string {
  if (answer.kind !== 'met') return `${answer.kind === 'unmet' ? '**Not met.**' : 'By who runs it.'} ${answer.reason}`;
  const tests = answer.tests.map(({ file, path }) => `\`${file}\`: ${asText(path.replaceAll(' > ', ' › '))}`);
  const guides = answer.guides.map((guide) => `[Guide, ${headingOf(guide)}](/guides/${guide})`);
  return [...tests, ...guides].join('; ');
}

/** `accounts#limits` -> `limits` */
function headingOf(guide: string): string {
  return guide.slice(guide.indexOf('#') + 1).replaceAll('-', ' ');
}

/** Titles are words, not Markdown. */
function asText(title: string): string {
  return title.replace(/[\\`*_<>[\]|~&]/g, String.raw`\$&`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function frontMatter(title: string, summary: string, position: number): string {
  return [
    '---',
    `title: '${title}'`,
    `summary: '${summary}'`,
    'section: Security',
    `position: ${position}`,
    '---',
    '',
  ].join('\n');
}

function lines(...texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
