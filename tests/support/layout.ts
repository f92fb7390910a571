import type { Source } from './sources.ts';

const topLevelFolders = new Set(['.ci', '.config', 'content', 'db', 'public', 'src', 'tests']);
const topLevelFiles = new Set([
  '.editorconfig',
  '.gitattributes',
  '.gitignore',
  '.prettierignore',
  '.prettierrc.json',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'astro.config.mjs',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
]);

/** Names that say nothing about what is inside; such a drawer collects everything. */
const drawer = /^(utils?|helpers?|services?|types?|common|misc|lib|shared|index)$/;

const MAX_LINES = 250;
/** Lists: long, and simple all the same. Each is named here with its reason. */
const longLists = new Map<string, string>([['tests/pages/route-matrix.ts', 'one line for each route of the portal']]);

/** Absolute paths of somebody's machine. Joined here so that this file does not name one. */
const machinePath = new RegExp(
  ['work/(main|shared)', 'home/[a-z]', 'Users/[A-Za-z]', 'root/[a-z.]'].map((path) => `(?<![\\w.])/${path}`).join('|'),
);

/** Every breach of the layout: where files stand, how they are called, how long they are. One line each. */
export function findLayoutViolations(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => [
    ...placeViolations(source.path),
    ...nameViolations(source.path),
    ...textViolations(source),
  ]);
}

function placeViolations(path: string): string[] {
  const [top = '', ...rest] = path.split('/');
  const allowed = rest.length > 0 ? topLevelFolders.has(top) : topLevelFiles.has(top);
  return allowed ? [] : [`${path}: the top level has no place for ${top}`];
}

function nameViolations(path: string): string[] {
  if (!/^(src|tests|db)\//.test(path)) return [];
  // Below pages/ names are URLs.
  if (path.startsWith('src/pages/')) return [];
  const names = path.split('/').map((name) => name.split('.', 1)[0] ?? '');
  const found = names.find((name) => drawer.test(name));
  return found === undefined ? [] : [`${path}: "${found}" does not say what is inside`];
}

/** A line break between text and an element leaves no blank in the page: it has to be written as `{' '}`. */
const lostBlank = /[\w,;:.)]\n\s+<(a|code|strong|em|kbd|abbr|Time|Mono)\b|<\/(a|code|strong|em|kbd|abbr)>\n\s+[\w(]/;

function textViolations({ path, text }: Source): string[] {
  const violations: string[] = [];
  const lines = text.split('\n').length - 1;
  const isCode = /^(src|tests|db|\.config)\/.*\.(ts|mjs|js|astro)$/.test(path);
  if (isCode && lines > MAX_LINES && !longLists.has(path)) {
    violations.push(`${path}: ${lines} lines; more than ${MAX_LINES} are two files, or a list named in layout.ts`);
  }
  const markup = path.endsWith('.astro') ? text.slice(text.indexOf('\n---\n')) : '';
  const lost = lostBlank.exec(markup);
  if (lost) violations.push(`${path}: a blank is lost in ${JSON.stringify(lost[0])}`);
  const named = machinePath.exec(text);
  if (named) violations.push(`${path}: names a path of one machine (${named[0]})`);
  return violations;
}
