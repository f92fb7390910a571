import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, matchesGlob, posix, relative, resolve } from 'node:path';

import ts from 'typescript';

/** One file of the repository, as the architecture rules see it. */
export interface Source {
  /** From the top of the repository, with `/`. */
  path: string;
  text: string;
  imports: readonly Import[];
  /** Identifiers and `Object.member` pairs that occur in code, plus `new Date()` when it reads the clock. */
  uses: ReadonlySet<string>;
}

export interface Import {
  /** Path of a file of ours, or the name of a package (`node:fs`, `astro:middleware`, `@astrojs/node`). */
  target: string;
  /** True only for `import type`, which leaves nothing behind at run time; `import { type X }` still loads the module. */
  isTypeOnly: boolean;
}

/** Target of an import whose name is computed: nothing can be said about it. */
export const COMPUTED = '(computed)';

/** Paths of all files that are not ignored by git, from the top of the repository. */
export function repositoryPaths(root: string): string[] {
  const ignored = readFileSync(resolve(root, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const patterns = ['.git', ...ignored.map((line) => line.replace(/\/$/, ''))];
  const isIgnored = (path: string): boolean =>
    patterns.some((pattern) => matchesGlob(path, pattern) || matchesGlob(basename(path), pattern));
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = resolve(folder, entry.name);
      if (isIgnored(relative(root, path))) return [];
      return entry.isDirectory() ? walk(path) : [relative(root, path)];
    });
  return walk(root).sort();
}

/** Reads imports and uses of a TypeScript, JavaScript or Astro file; other files have none. */
export function parseSource(path: string, text: string): Source {
  const imports: Import[] = [];
  const uses = new Set<string>();
  for (const code of codeOf(path, text)) {
    const tree = ts.createSourceFile(`${path}.ts`, code, ts.ScriptTarget.Latest, true);
    visit(tree, path, imports, uses);
  }
  for (const use of usesOfTemplate(path, text)) uses.add(use);
  return { path, text, imports, uses };
}

function codeOf(path: string, text: string): string[] {
  if (/\.(ts|mjs|js)$/.test(path)) return [text];
  if (!path.endsWith('.astro')) return [];
  const frontmatter = /^\s*---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '';
  const scripts = [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '');
  return [frontmatter, ...scripts];
}

/** Expressions in an Astro template are not parsed; what matters in them is found by its spelling. */
function usesOfTemplate(path: string, text: string): string[] {
  if (!path.endsWith('.astro')) return [];
  const template = text.replace(/^\s*---\n[\s\S]*?\n---/, '').replace(/<script\b[\s\S]*?<\/script>/g, '');
  const found = [...template.matchAll(/\b(?:Date\.now|Math\.random|clientAddress|set:html|is:raw)\b/g)].map(
    ([use]) => use,
  );
  return /\bnew Date\(\s*\)/.test(template) ? [...found, 'new Date()'] : found;
}

function visit(node: ts.Node, path: string, imports: Import[], uses: Set<string>): void {
  const found = importOf(node);
  if (found) imports.push({ target: resolveTarget(path, found.specifier), isTypeOnly: found.isTypeOnly });
  if (ts.isIdentifier(node)) uses.add(node.text);
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    uses.add(`${node.expression.text}.${node.name.text}`);
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression))
    uses.add(node.argumentExpression.text);
  const isCall = ts.isNewExpression(node) || ts.isCallExpression(node);
  const readsClock = isCall && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0;
  if (readsClock) uses.add('new Date()');
  ts.forEachChild(node, (child) => visit(child, path, imports, uses));
}

function importOf(node: ts.Node): { specifier: string; isTypeOnly: boolean } | null {
  if (ts.isImportDeclaration(node)) {
    return {
      specifier: textOf(node.moduleSpecifier),
      isTypeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: textOf(node.moduleSpecifier), isTypeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { specifier: textOf(node.argument.literal), isTypeOnly: true };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { specifier: textOf(node.arguments[0]), isTypeOnly: false };
  }
  return null;
}

function textOf(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : COMPUTED;
}

function resolveTarget(path: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(dirname(path), specifier.replace(/\?.*$/, ''));
  if (/^(node|astro|virtual):/.test(specifier) || specifier === COMPUTED) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
