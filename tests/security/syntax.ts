import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { repositoryPaths } from '../support/sources.ts';
import { repositoryRoot } from './read-lists.ts';

/** A file of the program, as the compiler sees it. */
export interface Syntax {
  /** From the top of the repository. */
  path: string;
  tree: ts.SourceFile;
}

/** The program itself: src and the migrations. Of an Astro page its frontmatter and its scripts, of which the page is made. */
export function programSyntax(): Syntax[] {
  return repositoryPaths(repositoryRoot)
    .filter((path) => /^(src|db)\/.*\.(ts|mjs|astro)$/.test(path))
    .map((path) => ({ path, tree: treeOf(path, readFileSync(join(repositoryRoot, path), 'utf8')) }));
}

export function treeOf(path: string, text: string): ts.SourceFile {
  // The template of a page is JSX to the compiler, near enough to find the calls in its braces.
  const code = path.endsWith('.astro') ? text.replace(/^\s*---\n([\s\S]*?)\n---\n([\s\S]*)$/, '$1\n;<>$2</>;') : text;
  const kind = path.endsWith('.astro') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, kind);
}

/** Every node of a tree for which `pick` gives something. */
export function collect<Found>({ tree }: Syntax, pick: (node: ts.Node) => Found | null): Found[] {
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const one = pick(node);
    if (one !== null) found.push(one);
    node.forEachChild(visit);
  };
  visit(tree);
  return found;
}

/** `createHash` for `createHash('sha256')` and for `crypto.createHash('sha256')`; null for what is no call. */
export function calledName(node: ts.Node): string | null {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return null;
  if (ts.isIdentifier(node.expression)) return node.expression.text;
  return ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : null;
}
