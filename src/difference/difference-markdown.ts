import type { Difference, Finding, OperationDifference, SharedDifference } from './difference.ts';
import { countsSentence, levelWords, partName, segmentsOf } from './finding-words.ts';
import { ruleNamed } from './rules.ts';

/** A difference as Markdown: what breaks first, by operation. */
export function differenceMarkdown(difference: Difference, title: string): string {
  const { operations, shared, general, isComplete } = difference;
  return toText([
    `# ${plain(title)}`,
    '',
    countsSentence(difference),
    ...(isComplete ? [] : ['', 'The documents were too much to compare to the end: there may be more.']),
    ...section('Whole API', general.map(findingLine)),
    ...(operations.length > 0 ? ['', '## Operations'] : []),
    ...operations.flatMap(operationLines),
    ...(shared.length > 0 ? ['', '## Shared parts', '', 'Each of these reaches several operations.'] : []),
    ...shared.flatMap(sharedLines),
  ]);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function operationLines({ kind, method, path, change, level, findings, shared }: OperationDifference): string[] {
  const name = kind === 'webhook' ? `Webhook ${code(path)}` : code(`${method} ${path}`);
  const state = change === 'changed' ? levelWords[level] : `${change}, ${levelWords[level]}`;
  return [
    '',
    `### ${name} (${state})`,
    '',
    ...findings.map(findingLine),
    ...(shared.length > 0
      ? [
          `- and what changed in ${shared.map(({ component, level: how }) => `${code(partName(component))} (${levelWords[how]})`).join(', ')}`,
        ]
      : []),
  ];
}

function sharedLines({ component, level, findings, operations }: SharedDifference): string[] {
  const reached = operations.slice(0, MOST_NAMED).map(({ method, path }) => code(`${method} ${path}`));
  const more = operations.length - reached.length;
  return [
    '',
    `### ${plain(partName(component))} (${levelWords[level]})`,
    '',
    ...findings.map(findingLine),
    '',
    `Reaches ${reached.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  ];
}

const MOST_NAMED = 20;

/** One finding as an item of a list, with the reason where it matters. */
export function findingLine({ rule, level, subject, text }: Finding): string {
  const reason = level === 'info' ? '' : ` ${ruleNamed(rule).why}`;
  return `- **${levelWords[level]}**: ${sentence(`${subject} ${text}`)}.${reason} (${code(rule)})`;
}

function sentence(text: string): string {
  return segmentsOf(text)
    .map((segment) => (segment.isCode ? code(segment.text) : plain(segment.text)))
    .join('');
}

/** Text that no reader of Markdown takes for anything else. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ')}\``;
}

function toText(lines: readonly string[]): string {
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
