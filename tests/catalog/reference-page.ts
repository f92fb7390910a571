import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';

import type { JsonObject } from '../../src/catalog/json-object.ts';
import { operationsOfPathItem } from '../../src/catalog/path-item.ts';
import { securityHeaders } from '../../src/server/security-headers.ts';
import { layeredStyles, swaggerUiFolder } from '../../src/ui/reference/swagger-ui-files.ts';

const root = new URL('../../', import.meta.url);
const file = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Without the fonts, which the build brings. */
const tokens = file('src/ui/styles/tokens.css').replace(/@font-face \{[^}]*\}/g, '');

/** A page with the console of one document, under the very headers of the portal, and nothing else. */
export interface ReferencePage {
  url: string;
  close: () => Promise<void>;
}

export interface ReferenceOptions {
  /** As the reader has chosen. */
  theme?: 'light' | 'dark';
}

/** @param document of one operation */
export async function serveReference(document: string, options: ReferenceOptions = {}): Promise<ReferencePage> {
  const files: Record<string, readonly [type: string, body: string]> = {
    '/docs/page': ['text/html', page(options, methodOf(document))],
    '/docs/openapi.json': ['application/json', document],
    '/swagger-ui.js': ['text/javascript', stripTypeScriptTypes(file('src/ui/reference/swagger-ui.ts'))],
    '/own.css': [
      'text/css',
      tokens + file('src/ui/reference/swagger-ui.css') + file('src/ui/reference/swagger-ui-forms.css'),
    ],
    [`${swaggerUiFolder}/swagger-ui.css`]: [
      'text/css',
      layeredStyles(file('node_modules/swagger-ui-dist/swagger-ui.css')),
    ],
    [`${swaggerUiFolder}/swagger-ui-bundle.js`]: [
      'text/javascript',
      file('node_modules/swagger-ui-dist/swagger-ui-bundle.js'),
    ],
  };
  let origin = '';
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const [type, body] = files[path] ?? ['text/plain', undefined];
    const headers = securityHeaders(path, { publicUrl: origin, gatewayPublicUrl: origin });
    response.writeHead(body === undefined ? 404 : 200, { ...headers, 'Content-Type': `${type}; charset=utf-8` });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url: `${origin}/docs/page`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What `SwaggerUi.astro` writes. */
function page({ theme = 'light' }: ReferenceOptions, method: string): string {
  return `<!doctype html><html lang="en" data-theme="${theme}"><title>Reference</title><link rel="icon" href="data:,">
<body><swagger-ui document-url="/docs/openapi.json" call-method="${method}" server-url="/api" bundle-url="${swaggerUiFolder}/swagger-ui-bundle.js"
style-urls="${swaggerUiFolder}/swagger-ui.css /own.css"><p data-waiting>Loading</p></swagger-ui>
<script type="module" src="/swagger-ui.js"></script></body></html>`;
}

function methodOf(document: string): string {
  const { paths } = JSON.parse(document) as { paths: Record<string, JsonObject> };
  return operationsOfPathItem(Object.values(paths)[0] ?? {})[0]?.method ?? '';
}
