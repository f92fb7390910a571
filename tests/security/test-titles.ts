import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { repositoryPaths } from '../support/sources.ts';

/** A test of the suite, as it is written: titles of tables keep their `%s` and `$name`. */
export interface NamedTest {
  /** `key-rotation/rotate-key`, for tests/key-rotation/rotate-key.test.ts. */
  file: string;
  title: string;
  /** The titles of the `describe` blocks around it, outermost first, and its own: as a test report prints them. */
  path: string;
}

const modifiers = new Set(['each', 'for', 'skipIf', 'runIf', 'concurrent', 'sequential']);

/** Every test of the suite, read from the sources: nothing is run for it. */
export function readNamedTests(root: string): NamedTest[] {
  return repositoryPaths(root)
    .filter((path) => /^tests\/.*\.test\.ts$/.test(path))
    .flatMap((path) =>
      testsIn(path.replace(/^tests\//, '').replace(/\.test\.ts$/, ''), readFileSync(join(root, path), 'utf8')),
    );
}

/** The tests of one source. One that is skipped, still to do or expected to fail proves nothing and is left out. */
export function testsIn(file: string, text: string): NamedTest[] {
  const found: NamedTest[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const title = titleOf(node, 'test') ?? titleOf(node, 'it');
    if (title !== null) found.push({ file, title, path: [...around, title].join(' > ') });
    const group = titleOf(node, 'describe');
    node.forEachChild((child) => visit(child, group === null ? around : [...around, group]));
  };
  visit(ts.createSourceFile(`${file}.ts`, text, ts.ScriptTarget.Latest, true), []);
  return found;
}

function titleOf(node: ts.Node, name: string): string | null {
  if (!ts.isCallExpression(node) || !calls(node.expression, name)) return null;
  const [title] = node.arguments;
  if (!title) return null;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.getText().slice(1, -1) : null;
}

/** `test(...)`, `test.each(rows)(...)`, `test.skipIf(condition)(...)`. */
function calls(called: ts.Expression, name: string): boolean {
  if (ts.isIdentifier(called)) return called.text === name;
  if (ts.isCallExpression(called)) return calls(called.expression, name);
  if (ts.isTaggedTemplateExpression(called)) return calls(called.tag, name);
  return ts.isPropertyAccessExpression(called) && modifiers.has(called.name.text) && calls(called.expression, name);
}
