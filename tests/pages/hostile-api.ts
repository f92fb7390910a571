import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from './visitor.ts';

/** Twelve ways to bring a script, a style or a form into a page. */
export const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '<svg onload=alert(3)></svg>',
  '[click](javascript:alert(4))',
  '<a href="javascript:alert(5)">click</a>',
  '<style>body{display:none}</style>',
  '<form action="https://evil.example"><button>Go</button></form>',
  '<iframe srcdoc="<script>alert(6)</script>"></iframe>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(7)&gt;">',
  '"><script>alert(8)</script>',
  '![picture](https://evil.example/seen.png)',
  '</title></textarea></code><script>alert(9)</script>',
];
const all = payloads.join('\n\n');
const line = payloads.join(' ');

const schema = {
  type: 'object',
  description: all,
  title: line,
  required: [line],
  properties: {
    [line]: {
      type: 'string',
      description: all,
      default: line,
      enum: [line],
      examples: [line],
      format: line,
      pattern: line,
    },
    again: { $ref: '#/components/schemas/Mean' },
    choice: {
      oneOf: [{ title: line, type: 'string' }, { $ref: '#/components/schemas/Mean' }],
      discriminator: { propertyName: line },
    },
  },
};
const content = {
  'application/json': {
    schema: { $ref: '#/components/schemas/Mean' },
    examples: { [line]: { summary: line, value: { a: line } } },
  },
};

const operation = {
  operationId: 'attack',
  tags: [line],
  summary: line,
  description: all,
  externalDocs: { url: 'javascript:alert(10)', description: line },
  parameters: [
    { name: 'id', in: 'path', required: true, description: all, schema: { type: 'string' }, example: line },
    { name: line, in: 'query', required: true, description: all, schema: { type: 'string', default: line } },
    { name: `X-${line}`, in: 'header', required: true, description: all, schema: { type: 'string' }, example: line },
  ],
  requestBody: { required: true, description: all, content },
  responses: {
    200: {
      description: all,
      headers: { [line]: { description: all, schema: { type: 'string', default: line } } },
      content,
      links: { [line]: { operationId: 'attack', description: all, parameters: { [line]: line } } },
    },
  },
  callbacks: {
    [line]: { [line]: { post: { summary: line, description: all, responses: { 200: { description: all } } } } },
  },
};

const document = {
  openapi: '3.1.0',
  info: { title: line, version: line, description: all, contact: { name: line, url: 'javascript:alert(11)' } },
  externalDocs: { url: 'javascript:alert(12)', description: line },
  tags: [{ name: line, description: all, externalDocs: { url: 'javascript:alert(13)', description: line } }],
  paths: { '/a/{id}': { post: operation } },
  webhooks: {
    [line]: {
      post: { summary: line, description: all, requestBody: { content }, responses: { 200: { description: all } } },
    },
  },
  components: { schemas: { Mean: schema } },
};

/** A content folder: the demo's, and an API `hostile` whose document has every payload in every place. */
export function hostileContent(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-hostile-'));
  cpSync('content', folder, { recursive: true });
  mkdirSync(join(folder, 'apis/hostile/v1'), { recursive: true });
  const lines = [
    'title: Hostile',
    'summary: Means harm.',
    'versions:',
    '  v1: { lifecycle: active, upstream: http://127.0.0.1:9 }',
    '',
  ];
  writeFileSync(join(folder, 'apis/hostile/api.yaml'), lines.join('\n'));
  writeFileSync(join(folder, 'apis/hostile/v1/openapi.json'), JSON.stringify(document));
  return folder;
}

/** Every kind of page of the hostile API; the slugs of its tag and webhook are read from its navigation. */
export async function hostilePages(get: (path: string) => Promise<Page>): Promise<string[]> {
  const [overview, webhooks] = await Promise.all([get('/docs/hostile/v1'), get('/docs/hostile/v1/webhooks')]);
  const links = [...overview.all('.reference a'), ...webhooks.all('.reference a')].map(
    (link) => link.getAttribute('href') ?? '',
  );
  return [...new Set(links.filter((link) => link.startsWith('/docs/hostile/v1') && !/\.(json|md)$/.test(link)))];
}
