import { parentPort } from 'node:worker_threads';

import { type HighlighterCore, type LanguageInput, createHighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

import type { CodeBlock, CodeWord } from './code-colours.ts';

/** Runs in the thread of `code-colours.ts`. Each grammar is loaded when it is first needed: that costs up to a second. */
const languages: Readonly<Record<string, () => Promise<{ default: LanguageInput }>>> = {
  sh: () => import('shiki/langs/bash.mjs'),
  nginx: () => import('shiki/langs/nginx.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
  http: () => import('shiki/langs/http.mjs'),
  js: () => import('shiki/langs/javascript.mjs'),
  ts: () => import('shiki/langs/typescript.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  lua: () => import('shiki/langs/lua.mjs'),
  ini: () => import('shiki/langs/ini.mjs'),
  python: () => import('shiki/langs/python.mjs'),
};

/** The theme writes the kind of a word where a colour is expected; the style sheet decides about colours. */
const kinds: readonly { colour: string; kind: CodeWord['kind']; scope: readonly string[] }[] = [
  { colour: '#000001', kind: 'comment', scope: ['comment', 'punctuation.definition.comment'] },
  {
    colour: '#000002',
    kind: 'string',
    scope: ['string', 'punctuation.definition.string', 'constant.character.escape'],
  },
  { colour: '#000003', kind: 'keyword', scope: ['keyword', 'storage'] },
  { colour: '#000004', kind: 'constant', scope: ['constant.numeric', 'constant.language', 'constant.other'] },
  {
    colour: '#000005',
    kind: 'name',
    scope: [
      'entity.name',
      'support.type.property-name',
      'support.function',
      'variable.other.normal',
      'variable.other.bracket',
    ],
  },
];
const theme = {
  name: 'kinds',
  type: 'dark' as const,
  fg: '#000000',
  bg: '#ffffff',
  settings: [
    ...kinds.map(({ colour, scope }) => ({ scope: [...scope], settings: { foreground: colour } })),
    { scope: ['keyword.operator'], settings: { foreground: '#000000' } },
  ],
};
const kindOf = new Map<string | undefined, CodeWord['kind']>(kinds.map(({ colour, kind }) => [colour, kind]));

let opened: Promise<HighlighterCore> | null = null;

async function coloursOf({ language, code }: CodeBlock): Promise<CodeWord[] | null> {
  const load = languages[language];
  if (!load) return null;
  opened ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const highlighter = await opened;
  const { default: grammar } = await load();
  await highlighter.loadLanguage(grammar);
  const name =
    language === 'sh' ? 'bash' : language === 'js' ? 'javascript' : language === 'ts' ? 'typescript' : language;
  const { tokens } = highlighter.codeToTokens(code, { lang: name, theme: 'kinds', tokenizeMaxLineLength: 2000 });
  const lines = tokens.map((line) =>
    line.map(({ content, color }): CodeWord => ({ text: content, kind: kindOf.get(color?.toLowerCase()) ?? null })),
  );
  return lines.flatMap((line, index) => (index === 0 ? line : [{ text: '\n', kind: null }, ...line]));
}

parentPort?.on('message', (blocks: readonly CodeBlock[]) => {
  void Promise.all(blocks.map((block) => coloursOf(block).catch(() => null))).then((answer) =>
    parentPort?.postMessage(answer),
  );
});
