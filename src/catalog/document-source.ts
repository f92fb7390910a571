import {
  type CST,
  Composer,
  type Document,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
} from 'yaml';

import type { FileProblem } from './catalog.ts';
import type { JsonObject } from './json-object.ts';
import { createPlaces, offsetsInJson } from './json-offsets.ts';
import { type Path, scanJson } from './json-scan.ts';

export { type JsonObject, isJsonObject } from './json-object.ts';

export type Format = 'yaml' | 'json';

/** A parsed file that remembers where its parts stand. */
export interface Source {
  /** JSON values only; nothing is shared between two places. */
  value: unknown;
  /** 1-based line of the part at `path`, or of the innermost part around it that exists. */
  lineOf: (path: Path) => number;
  /** As `lineOf`, with the column; one look at the file for all of them. */
  positionsOf: (paths: readonly Path[]) => Position[];
}

/** 1-based; the column in characters. */
export interface Position {
  line: number;
  column: number;
}

export type SourceResult = { ok: true; source: Source } | { ok: false; problems: readonly FileProblem[] };

export const MAX_DEPTH = 100;
/** Beyond this, aliases are an attack ("billion laughs"); shared parts belong in `components`. */
const MAX_ALIASES = 20;
/** Names with which a document could reach into the program's own objects. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor']);
const MAX_PROBLEMS = 20;

/** Parses untrusted YAML 1.2 or JSON. Refuses what is deep, doubled, tagged, or aliased without end. */
export function readSource(text: string, format: Format): SourceResult {
  const result = format === 'json' ? readJson(text) : readYaml(text);
  if (!result.ok) return result;
  const problems = checkNames(result.source);
  if (problems.length === 0) problems.push(...checkCharacters(result.source));
  return problems.length > 0 ? { ok: false, problems } : result;
}

function failed(place: Position | null, reason: string): SourceResult {
  return { ok: false, problems: [{ ...(place ?? { line: null }), reason }] };
}

function readJson(text: string): SourceResult {
  const placeAt = createPlaces(text);
  const duplicates: FileProblem[] = [];
  let depth = 0;
  const mistake = scanJson(text, (path, offset, isDuplicate) => {
    depth = Math.max(depth, path.length);
    if (isDuplicate && duplicates.length < MAX_PROBLEMS) {
      duplicates.push({ ...placeAt(offset), reason: `the name "${path.at(-1) ?? ''}" stands twice in one object` });
    }
  });
  if (mistake) return failed(placeAt(mistake.offset), `not valid JSON: expected ${mistake.expected}`);
  if (depth > MAX_DEPTH) return failed(null, `nested more than ${MAX_DEPTH} levels deep`);
  if (duplicates.length > 0) return { ok: false, problems: duplicates };
  const positionsOf = (paths: readonly Path[]): Position[] => offsetsInJson(text, paths).map(placeAt);
  return { ok: true, source: { value: JSON.parse(text), ...looking(positionsOf) } };
}

function readYaml(text: string): SourceResult {
  const lines = new LineCounter();
  const placeAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tokens = readTokens(text, lines);
  if (!tokens) return failed({ line: lines.lineStarts.length, column: 1 }, `nested more than ${MAX_DEPTH} levels deep`);
  const composer = new Composer({
    version: '1.2',
    merge: false,
    uniqueKeys: true,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (!document?.contents) return failed(null, 'the file is empty');
  if (second) return failed(placeAt(second.range[0]), 'holds a second YAML document; one file is one document');
  // A warning is a tag that YAML 1.2 does not know, such as !!js/function.
  const mistakes = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS);
  if (mistakes.length > 0) {
    return {
      ok: false,
      problems: mistakes.map(({ pos, message }) => ({ ...placeAt(pos[0]), reason: `not valid YAML: ${message}` })),
    };
  }
  const oddName = findOddName(document);
  if (oddName) return failed(placeAt(oddName.offset), oddName.reason);
  const positionsOf = (paths: readonly Path[]): Position[] => paths.map((path) => placeAt(offsetOf(document, path)));
  try {
    // The round trip makes plain JSON of it and gives every alias a copy of its own.
    const value = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES }))) as unknown;
    return { ok: true, source: { value, ...looking(positionsOf) } };
  } catch (error) {
    return failed(
      null,
      error instanceof ReferenceError
        ? `uses YAML aliases more than ${MAX_ALIASES} times`
        : 'holds values that JSON cannot express',
    );
  }
}

function looking(positionsOf: Source['positionsOf']): Pick<Source, 'lineOf' | 'positionsOf'> {
  return { positionsOf, lineOf: (path) => positionsOf([path])[0]?.line ?? 1 };
}

/** The parser keeps a stack of its own, but the composer after it recurses: depth is bounded here. Null if too deep. */
function readTokens(text: string, lines: LineCounter): CST.Token[] | null {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // The document and the scalar being read stand on the stack as well.
    if (parser.stack.length > MAX_DEPTH + 2) return null;
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Aliases and maps as names, and merge keys, mean different things to different readers. */
function findOddName(document: Document): { offset: number; reason: string } | null {
  let found: { offset: number; reason: string } | null = null;
  visit(document, {
    Pair(_, pair) {
      const offset = (pair.key as Node | null)?.range?.[0] ?? 0;
      if (!isScalar(pair.key)) found = { offset, reason: 'a name must be plain text' };
      else if (pair.key.value === '<<')
        found = { offset, reason: 'merge keys (<<) are not supported; write the values out' };
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

function offsetOf(document: Document, path: Path): number {
  let node = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(step)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function checkNames(source: Source): FileProblem[] {
  const problems: FileProblem[] = [];
  eachObject(source.value, (object, path) => {
    for (const name of Object.keys(object)) {
      if (!FORBIDDEN_NAMES.has(name) || problems.length >= MAX_PROBLEMS) continue;
      problems.push({ ...placeOf(source, [...path, name]), reason: `the name "${name}" is not allowed` });
    }
  });
  return problems;
}

/** PostgreSQL stores neither, and half of a pair is no UTF-8 (RFC 8259, section 8.2). */
function checkCharacters(source: Source): FileProblem[] {
  const problems: FileProblem[] = [];
  eachObject({ '': source.value }, (object, path) => {
    const look = (value: unknown, place: Path): void => {
      if (problems.length >= MAX_PROBLEMS) return;
      if (Array.isArray(value)) value.forEach((item, index) => look(item, [...place, String(index)]));
      else if (typeof value === 'string' && !isText(value))
        problems.push({ ...placeOf(source, place), reason: NO_TEXT });
    };
    for (const [name, value] of Object.entries(object)) {
      const place = [...path, name].slice(1);
      if (isText(name)) look(value, place);
      else if (problems.length < MAX_PROBLEMS) problems.push({ ...placeOf(source, place), reason: NO_TEXT });
    }
  });
  return problems;
}

const NO_TEXT = 'holds a character that is no text: U+0000, or one half of a surrogate pair';

function isText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** Where something stands, for a problem. */
export function placeOf({ positionsOf }: Source, path: Path): Position {
  return positionsOf([path])[0] ?? { line: 1, column: 1 };
}

/** Calls `visitObject` for every object of a bounded-depth JSON value. The path is only valid during the call. */
export function eachObject(
  value: unknown,
  visitObject: (object: JsonObject, path: string[]) => void,
  path: string[] = [],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visitObject(value as JsonObject, path);
  for (const [step, child] of Object.entries(value)) {
    if (typeof child !== 'object' || child === null) continue;
    path.push(step);
    eachObject(child, visitObject, path);
    path.pop();
  }
}
