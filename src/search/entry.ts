import type { SearchKind, SearchSource } from './search.ts';
import { sectionsOf, textOfMarkdown } from './plain-text.ts';

/** One thing that can be found, as the index keeps it. */
export interface Entry {
  kind: SearchKind;
  href: string;
  crumbs: readonly string[];
  title: string;
  /** What is exactly this is found first, such as an operationId or a CVE number. */
  names: readonly string[];
  badge: string | null;
  address: string;
  /** Names within it, such as those of parameters. */
  parts: string;
  text: string;
  deprecated: boolean;
  /** 1 is usual; less is found later. */
  weight: number;
}

const MOST_TEXT = 600;
const MOST_GUIDE_TEXT = 4000;
const MOST_PARTS = 80;
const OLD_VERSION = 0.5;
const DEPRECATED = 0.7;

/** A guide becomes one entry for each section, everything else one. */
export function entriesOf(source: SearchSource): Entry[] {
  switch (source.kind) {
    case 'operation':
      return [operationEntry(source)];
    case 'schema':
    case 'webhook':
      return [namedEntry(source)];
    case 'guide':
      return guideEntries(source);
    case 'notice': {
      const text = sectionsOf(source.html).map((section) => `${section.heading} ${section.text}`);
      const whole = [source.summary, ...text].join(' ').slice(0, MOST_GUIDE_TEXT);
      return [{ ...blank, ...source, crumbs: ['Notices'], text: whole, parts: source.names.join(' ') }];
    }
    case 'refusal': {
      const { href, code, title, text } = source;
      const names = [code];
      return [
        {
          ...blank,
          kind: 'refusal',
          href,
          crumbs: ['Refusals'],
          title,
          names,
          badge: String(source.status),
          address: code,
          text,
        },
      ];
    }
    case 'api':
      return [{ ...blank, ...source, text: textOfMarkdown(source.text, MOST_TEXT) }];
  }
}

const blank = { names: [], badge: null, address: '', parts: '', text: '', deprecated: false, weight: 1 };

function operationEntry(source: Extract<SearchSource, { kind: 'operation' }>): Entry {
  const { href, crumbs, method, path, operationId, summary, deprecated, isCurrent } = source;
  const object = parse(source.json);
  const parameters = listOf(object.parameters).map((parameter) => textIn(objectOf(parameter).name));
  return {
    kind: 'operation',
    href,
    crumbs,
    title: summary || operationId,
    names: [operationId, path, `${method} ${path}`, summary],
    badge: method,
    address: path,
    parts: [operationId, ...parameters.slice(0, MOST_PARTS)].join(' '),
    text: textOfMarkdown(textIn(object.description), MOST_TEXT),
    deprecated,
    weight: (isCurrent ? 1 : OLD_VERSION) * (deprecated ? DEPRECATED : 1),
  };
}

function namedEntry(source: Extract<SearchSource, { kind: 'schema' | 'webhook' }>): Entry {
  const { kind, href, crumbs, name, isCurrent } = source;
  const object = parse(source.json);
  const inherited = listOf(object.allOf).map((part) => objectOf(part).properties);
  const properties = [object.properties, ...inherited].flatMap((value) => Object.keys(objectOf(value)));
  const described = [object.summary, object.title, object.description].map(textIn).filter((text) => text !== name);
  return {
    ...blank,
    kind,
    href,
    crumbs,
    title: name,
    names: [name],
    parts: properties.slice(0, MOST_PARTS).join(' '),
    text: textOfMarkdown(described.join(' '), MOST_TEXT),
    deprecated: object.deprecated === true,
    weight: isCurrent ? 0.9 : OLD_VERSION,
  };
}

function guideEntries({ href, title, summary, section, html }: Extract<SearchSource, { kind: 'guide' }>): Entry[] {
  return sectionsOf(html).map(({ id, heading, text }): Entry => {
    const isWhole = id === '';
    return {
      ...blank,
      kind: 'guide',
      href: isWhole ? href : `${href}#${id}`,
      crumbs: ['Guides', ...(isWhole ? [section] : [title])],
      title: isWhole ? title : heading,
      names: [isWhole ? title : heading],
      text: (isWhole ? `${summary} ${text}` : text).slice(0, MOST_GUIDE_TEXT),
      weight: isWhole ? 1.2 : 1,
    };
  });
}

function parse(json: string): Record<string, unknown> {
  return objectOf(JSON.parse(json));
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
