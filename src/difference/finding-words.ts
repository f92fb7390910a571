import type { Difference } from './difference.ts';
import type { Level } from './rule.ts';

/** What a level means, as readers see it. */
export const levelWords: Readonly<Record<Level, string>> = {
  error: 'breaking',
  warning: 'may break',
  info: 'safe',
};

export interface Segment {
  text: string;
  isCode: boolean;
}

/** The parts of a sentence; what stands between backticks is code. */
export function segmentsOf(sentence: string): Segment[] {
  return sentence
    .split('`')
    .map((text, index) => ({ text, isCode: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** All in one sentence, such as "2 changes break clients, 1 may, 14 are safe." */
export function countsSentence({ counts }: Pick<Difference, 'counts'>): string {
  const { error, warning, info } = counts;
  if (error + warning + info === 0) return 'Nothing differs.';
  const parts = [
    error > 0
      ? `${number(error)} ${error === 1 ? 'change breaks' : 'changes break'} clients`
      : 'Nothing breaks clients',
    ...(warning > 0 ? [`${number(warning)} may`] : []),
    ...(info > 0 ? [`${number(info)} ${info === 1 ? 'is' : 'are'} safe`] : []),
  ];
  return `${parts.join(', ')}.`;
}

const numbers = new Intl.NumberFormat('en');

function number(value: number): string {
  return numbers.format(value);
}

/** The name of a shared part without its kind. */
export function partName(component: string): string {
  if (component === 'security') return 'Security of the whole API';
  return component.slice(component.indexOf('/') + 1);
}
