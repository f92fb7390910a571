import type { Difference, Finding } from './difference.ts';
import { findingLine } from './difference-markdown.ts';
import { partName } from './finding-words.ts';

export interface DraftNotice {
  title: string;
  /** The text of a notice of the kind `change`, to be edited. */
  markdown: string;
}

const MOST_LISTED = 40;

/** A first text for the notice that announces a new document: what callers have to do comes first. */
export function draftChangeNotice(difference: Difference): DraftNotice {
  const { old, new: now, counts } = difference;
  const name = now.title || old.title;
  const versions = old.version === now.version ? now.version : `${old.version} to ${now.version}`;
  return {
    title: `${name}: ${counts.error > 0 ? 'changes that need your attention' : 'what is new'} (${versions})`,
    markdown: `${[
      `${name} changes from ${old.version} to ${now.version}.`,
      ...part(difference, 'error', 'What you must change', 'Calls that relied on the following no longer work:'),
      ...part(difference, 'warning', 'What to check', 'The following may concern you, depending on how you call:'),
      ...part(difference, 'info', 'What else changed', 'The following breaks nothing:'),
      ...(counts.error + counts.warning + counts.info === 0 ? ['Nothing changes for callers.'] : []),
    ].join('\n\n')}\n`,
  };
}

function part(difference: Difference, level: Finding['level'], title: string, lead: string): string[] {
  const lines = [
    ...difference.general.filter((one) => one.level === level).map((one) => findingLine(one)),
    ...difference.operations.flatMap(({ method, path, findings }) => under(`${method} ${path}`, findings, level)),
    ...difference.shared.flatMap(({ component, findings }) => under(partName(component), findings, level)),
  ];
  if (lines.length === 0) return [];
  const more = lines.length - MOST_LISTED;
  const shown = [...lines.slice(0, MOST_LISTED), ...(more > 0 ? [`- and ${more} more`] : [])];
  return [`## ${title}`, lead, shown.join('\n')];
}

function under(name: string, findings: readonly Finding[], level: Finding['level']): string[] {
  return findings
    .filter((finding) => finding.level === level && !isWording(finding))
    .map((finding) => findingLine(finding).replace(/^- \*\*[^*]+\*\*: /, `- \`${name.replaceAll('`', "'")}\`: `));
}

/** Who reads a notice does not care that a description was rewritten. */
function isWording({ rule }: Finding): boolean {
  return rule.endsWith('description-changed') || rule.endsWith('examples-changed');
}
