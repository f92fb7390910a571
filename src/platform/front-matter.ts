import { type Document, LineCounter, type ParsedNode, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { z } from 'zod';

/** What is wrong in a file, for the person who wrote it. */
export interface FileProblem {
  /** 1-based; null where it concerns the whole file. */
  line: number | null;
  reason: string;
}

export type FrontMatterResult<T> =
  { ok: true; value: T; body: string } | { ok: false; problems: readonly FileProblem[] };

const FENCED = /^---[ \t]*\n([\s\S]*?)^---[ \t]*(?:\n|$)/m;

/**
 * Splits a Markdown file into its YAML front matter, checked by `schema`, and its body.
 * Aliases and repeated keys are refused: the first can blow up in memory, the second hides a mistake.
 */
export function readFrontMatter<Schema extends z.ZodType>(
  fileText: string,
  schema: Schema,
): FrontMatterResult<z.output<Schema>> {
  const text = fileText.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const fence = FENCED.exec(text);
  if (fence?.index !== 0) {
    return { ok: false, problems: [{ line: 1, reason: 'must start with front matter between two lines of ---' }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(fence[1] ?? '', { uniqueKeys: true, lineCounter: lines });
  const lineAt = (offset: number): number => lines.linePos(offset).line + 1;
  const broken = syntaxProblems(document, lineAt);
  if (broken.length > 0) return { ok: false, problems: broken };
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (parsed.success) return { ok: true, value: parsed.data, body: text.slice(fence[0].length) };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => schemaProblems(issue, document, lineAt)) };
}

type Lines = (offset: number) => number;

function syntaxProblems(document: Document.Parsed, lineAt: Lines): FileProblem[] {
  const problems = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    reason: `is not valid YAML: ${error.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? ''}`,
  }));
  visit(document, {
    Alias: (_key, alias) => {
      problems.push({
        line: lineAt(alias.range?.[0] ?? 0),
        reason: `uses the alias *${alias.source}; write the value out`,
      });
    },
  });
  return problems;
}

function schemaProblems(issue: z.core.$ZodIssue, document: Document.Parsed, lineAt: Lines): FileProblem[] {
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(offsetOf(document.contents, path));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ line: lineOf([...issue.path, key]), reason: `${key} is not a known field` }));
  }
  return [{ line: lineOf(issue.path), reason: `${issue.path.join('.')} ${issue.message}`.trim() }];
}

/** Where the key or item of a path is written; of a missing one, where its parent is. */
function offsetOf(contents: ParsedNode | null, path: readonly PropertyKey[]): number {
  let offset = contents?.range[0] ?? 0;
  let node: unknown = contents;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as ParsedNode | undefined)?.range[0] ?? offset;
    } else break;
  }
  return offset;
}
