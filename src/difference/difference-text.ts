import type { Difference, Finding } from './difference.ts';
import { countsSentence, levelWords, partName } from './finding-words.ts';

/** A difference for a terminal. Nothing in it can move the cursor: control characters of documents were replaced. */
export function differenceText(difference: Difference): string {
  const { operations, shared, general, isComplete } = difference;
  const groups = [
    { title: 'Whole API', findings: general, note: '' },
    ...operations.map((one) => ({
      title: `${one.kind === 'webhook' ? 'webhook' : one.method} ${one.path}`,
      findings: one.findings,
      note:
        one.shared.length > 0
          ? `  and what changed in ${one.shared.map(({ component, level }) => `${partName(component)} (${levelWords[level]})`).join(', ')}`
          : '',
    })),
    ...shared.map((one) => ({
      title: `${partName(one.component)}, which reaches ${one.operations.length} operations`,
      findings: one.findings,
      note: '',
    })),
  ];
  const lines = groups
    .filter(({ findings, note }) => findings.length > 0 || note !== '')
    .flatMap(({ title, findings, note }) => [
      tidy(title),
      ...findings.map(findingText),
      ...(note ? [tidy(note)] : []),
      '',
    ]);
  const warning = isComplete ? [] : ['The documents were too much to compare to the end: there may be more.'];
  return `${[...lines, ...warning, countsSentence(difference)].join('\n')}\n`;
}

function findingText({ rule, level, subject, text }: Finding): string {
  const word = levelWords[level].padEnd(9);
  return `  ${word}  ${`${subject} ${text}`.replaceAll('`', '')}  [${rule}]`;
}

function tidy(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
