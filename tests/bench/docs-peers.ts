import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { fetchedPackage } from '../support/fetched-package.ts';
import { listenOnFreePort } from '../support/servers.ts';
import type { DeepLink } from './docs-operations.ts';

const swaggerUi = join(import.meta.dirname, '../../node_modules/swagger-ui-dist');
const redoc = fetchedPackage({
  name: 'redoc',
  version: '2.5.4',
  integrity: 'sha512-M6jWhG1qoBnH6TFmzJnstyCZ87HmOY/UzDm78mHiYihEdlV/YcS9ogOo1NlElnJMeLsyxHFe2yFc4sNjHTrABQ==',
});
const scalar = fetchedPackage({
  name: '@scalar/api-reference',
  version: '1.72.1',
  integrity: 'sha512-XpEJ0rfc/cXbCrR+iC4kK0o/WwX2dTtGQbT049OlPKAHD6IMIFdTeGz2r+M27P2EDWKyUITRm/NzlP8z2pw/Ow==',
});

/** What must be on screen for an operation to count as read: its summary and its first parameter. */
export interface Shown {
  summary: string;
  parameter: string;
}

export interface Peer {
  name: string;
  /** Path and fragment of the deep link. */
  address: (link: DeepLink) => string;
  /** Selectors. */
  shown: (link: DeepLink) => Shown;
}

const redocId = ({ operationId, tag }: DeepLink): string =>
  `${tag === '' ? '' : `tag/${tag}/`}operation/${operationId}`;

/** The renderers that people use, each set up as its own documentation says. */
export const peers: readonly Peer[] = [
  {
    name: 'swagger-ui',
    address: ({ operationId, tag }) => `/swagger-ui#/${tag || 'default'}/${plainId(operationId)}`,
    shown: () => ({
      summary: '.opblock.is-open .opblock-summary-path',
      parameter: '.opblock.is-open .parameter__name',
    }),
  },
  {
    name: 'redoc',
    address: (link) => `/redoc#${redocId(link)}`,
    shown: (link) => {
      const section = `[id=${JSON.stringify(redocId(link))}]`;
      return { summary: `${section} h2`, parameter: `${section} td[kind=field] .property-name` };
    },
  },
  {
    name: 'scalar',
    address: ({ tag, method, path }) => `/scalar#tag/${tag || 'default'}/${method.toUpperCase()}${path}`,
    shown: () => ({ summary: 'h3.section-header-label', parameter: '.property-name' }),
  },
];

/** Swagger UI opens no operation whose id has a slash, as all of GitHub's have: it gets others of the same length. */
function plainId(operationId: string): string {
  return operationId.replaceAll('/', '-');
}

function withPlainIds(document: string): string {
  return document.replace(/"operationId": ?"[^"]*"/g, plainId);
}

const page = (body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Reference</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body>${body}</body></html>`;

const pages: Readonly<Record<string, string>> = {
  '/swagger-ui': page(`<link rel="stylesheet" href="/swagger-ui.css"><div id="page"></div>
<script src="/swagger-ui-bundle.js"></script><script>
SwaggerUIBundle({ dom_id: '#page', url: '/plain.json', deepLinking: true, docExpansion: 'none' });
</script>`),
  '/redoc': page(`<redoc spec-url="/document.json"></redoc><script src="/redoc.js"></script>`),
  '/scalar': page(`<div id="app"></div><script src="/scalar.js"></script><script>
Scalar.createApiReference('#app', { url: '/document.json', withDefaultFonts: false });
</script>`),
};

const files: Readonly<Record<string, readonly [path: string, type: string]>> = {
  '/swagger-ui.css': [join(swaggerUi, 'swagger-ui.css'), 'text/css'],
  '/swagger-ui-bundle.js': [join(swaggerUi, 'swagger-ui-bundle.js'), 'text/javascript'],
  '/redoc.js': [join(redoc, 'bundles/redoc.standalone.js'), 'text/javascript'],
  '/scalar.js': [join(scalar, 'dist/browser/standalone.js'), 'text/javascript'],
};

export interface BareServer {
  url: string;
  close: () => void;
}

/** A file that is served as it is, by its path. */
export interface OwnFile {
  type: string;
  content: string | Buffer;
}

/**
 * Serves the peers, one document and pages from memory, compressed beforehand: nothing can answer faster.
 * @param ownPages HTML by path
 */
export async function servePeers(
  document: string,
  ownPages: Readonly<Record<string, string>>,
  ownFiles: ReadonlyMap<string, OwnFile>,
): Promise<BareServer> {
  const answers = new Map<string, { type: string; body: Buffer }>();
  const add = (path: string, type: string, content: string | Buffer): void =>
    void answers.set(path, { type: `${type}; charset=utf-8`, body: gzipSync(content) });
  for (const [path, text] of Object.entries({ ...pages, ...ownPages })) add(path, 'text/html', text);
  for (const [path, [file, type]] of Object.entries(files)) add(path, type, readFileSync(file));
  for (const [path, { type, content }] of ownFiles) add(path, type, content);
  add('/document.json', 'application/json', document);
  add('/plain.json', 'application/json', withPlainIds(document));
  const server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '');
    if (!answer) return void response.writeHead(404).end();
    const headers = { 'Content-Type': answer.type, 'Content-Encoding': 'gzip', 'Content-Length': answer.body.length };
    response.writeHead(200, headers).end(answer.body);
  });
  return listenOnFreePort(server);
}
