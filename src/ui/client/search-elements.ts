import type { MarkedText } from '../../search/search.ts';

/** An element with attributes and content. Text stays text: what was found may come from a document that is not ours. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

export function marked(text: MarkedText): (Node | string)[] {
  return text.map((piece) => (piece.isHit ? element('mark', {}, piece.text) : piece.text));
}
