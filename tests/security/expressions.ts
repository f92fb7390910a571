import ts from 'typescript';

import { collect, programSyntax } from './syntax.ts';

/** Literal as it is written -> the files that have it. */
export function programExpressions(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of programSyntax()) {
    const texts = collect(file, (node) => (ts.isRegularExpressionLiteral(node) ? node.text : null));
    for (const text of texts) found.set(text, [...(found.get(text) ?? []), file.path]);
  }
  return found;
}

/** `/a+/gi` -> `a+` and `i`: what changes where a search goes on is nothing to recheck. */
export function partsOf(literal: string): { source: string; flags: string } {
  const end = literal.lastIndexOf('/');
  return { source: literal.slice(1, end), flags: literal.slice(end + 1).replace(/[dgy]/g, '') };
}
