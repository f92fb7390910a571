import type { Api, ApiVersion, Operation } from '../catalog/api.ts';
import type { DocumentServer } from '../catalog/document-servers.ts';
import type { ContentView, OperationView, ParameterView } from './operation-view.ts';
import type { OperationPage, SchemaPage, TagPage, WebhookPage } from './reference.ts';
import { code, fenced, oneLine, schemaLines, sentence, typeLine } from './schema-markdown.ts';

/** An operation's page for programs that read text. `address` is where it is called. */
export function operationMarkdown(page: OperationPage, address: string, versionUrl: string): string {
  const { operation, view, scopes, security, samples } = page;
  const ways = security.flatMap(({ schemes }) =>
    schemes.length > 0 ? [schemes.map(({ how }) => how).join(', and ')] : [],
  );
  return toText([
    `# ${oneLine(operation.summary || operation.operationId)}`,
    '',
    code(`${operation.method} ${address}`),
    ...(view.deprecated ? ['', 'This operation is deprecated.'] : []),
    ...paragraph(view.description),
    ...viewLines(view, versionUrl, '##'),
    '',
    '## Access',
    '',
    `- Credential: ${ways.length > 0 ? ways.map(oneLine).join('; or ') : 'the API key of an application'}`,
    `- Scopes: ${scopes.length > 0 ? scopes.map(code).join(', ') : 'none needed'}`,
    ...samples.slice(0, 1).flatMap((sample) => ['', `## Sample: ${sample.title}`, '', ...fenced(sample.code, 'sh')]),
  ]);
}

export function webhookMarkdown(page: WebhookPage, versionUrl: string): string {
  const { name, method, view } = page;
  const start = [`# ${oneLine(name)}`, '', `A call that the API makes to you: ${method}.`];
  return toText([...start, ...paragraph(view.description || view.summary), ...viewLines(view, versionUrl, '##')]);
}

export function schemaMarkdown({ name, schema, example }: SchemaPage, versionUrl: string): string {
  const tree = schemaLines(schema, versionUrl);
  return toText([
    `# ${oneLine(name)}`,
    '',
    `${typeLine({ ...schema, component: null }, versionUrl)}${sentence(schema)}`,
    ...(tree.length > 0 ? ['', ...tree] : []),
    ...(example === null ? [] : ['', '## Example', '', ...fenced(example, 'json')]),
  ]);
}

export function tagMarkdown({ tag, description, navigation }: TagPage, versionUrl: string): string {
  return toText([
    `# ${oneLine(tag.title)}`,
    ...paragraph(description),
    '',
    ...operationLines(navigation.operations, versionUrl),
  ]);
}

/** A version's overview: what it is, and every operation by its tag. */
export function versionMarkdown(
  { api, version, operations, address, servers }: VersionOverview,
  versionUrl: string,
): string {
  const groups = Map.groupBy(operations, ({ tag }) => tag);
  return toText([
    `# ${oneLine(api.title)} ${version.version}`,
    '',
    `${oneLine(api.summary)} Address: ${code(address)}. State: ${version.lifecycle}.`,
    ...paragraph(version.description),
    ...serverLines(servers),
    ...[...groups].flatMap(([tag, some]) => [
      '',
      `## ${oneLine(tag) || 'Operations'}`,
      '',
      ...operationLines(some, versionUrl),
    ]),
  ]);
}

export interface VersionOverview {
  api: Api;
  version: ApiVersion;
  operations: readonly Operation[];
  /** Where it is called. */
  address: string;
  /** What the document names as well. */
  servers: readonly DocumentServer[];
}

function serverLines(servers: readonly DocumentServer[]): string[] {
  const lines = servers.map(({ url, name, description, variables }) => {
    const filled = variables.map(
      ({ name, values, defaultValue }) => `${name}: ${(values.length > 0 ? values : [defaultValue]).join(', ')}`,
    );
    return `- ${[code(url), oneLine(name), oneLine(description), ...filled.map(code)].filter((part) => part !== '').join('; ')}`;
  });
  return lines.length === 0 ? [] : ['', 'Servers that the document names:', '', ...lines];
}

/** A list of operations, each a link to its page. */
export function operationLines(operations: readonly Operation[], versionUrl: string): string[] {
  return operations.map(({ slug, summary, operationId, method, path, deprecated }) => {
    const title = oneLine(summary || operationId).replace(/[[\]]/g, '\\$&');
    return `- [${title}](${versionUrl}/${slug}.md): ${code(`${method} ${path}`)}${deprecated ? ' (deprecated)' : ''}`;
  });
}

function viewLines(view: OperationView, versionUrl: string, level: string): string[] {
  const parameters = view.parameters.flatMap(({ place, parameters: some }) => [
    '',
    `${level} Parameters: ${place === 'querystring' ? 'the whole query string' : place}`,
    '',
    ...some.flatMap((parameter) => parameterLines(parameter, versionUrl)),
  ]);
  const body = view.body
    ? [
        '',
        `${level} Request body${view.body.required ? ' (required)' : ''}`,
        ...paragraph(view.body.description),
        ...contentLines(view.body.contents, versionUrl),
      ]
    : [];
  const responses = view.responses.flatMap(({ status, summary, description, headers, contents }) => [
    '',
    `${level} Response ${status}${summary === '' ? '' : `: ${oneLine(summary)}`}`,
    ...paragraph(description),
    ...(headers.length > 0
      ? ['', 'Headers:', '', ...headers.flatMap((header) => parameterLines(header, versionUrl))]
      : []),
    ...contentLines(contents, versionUrl),
  ]);
  const callbacks = view.callbacks.flatMap(({ name, method, expression, operation }) => [
    '',
    `${level} Callback ${oneLine(name)}: ${code(`${method} ${expression}`)}`,
    ...paragraph(operation.description || operation.summary),
    ...viewLines(operation, versionUrl, `${level}#`),
  ]);
  return [...parameters, ...body, ...responses, ...callbacks];
}

function parameterLines({ name, required, description, schema }: ParameterView, versionUrl: string): string[] {
  const type = `${typeLine(schema, versionUrl)}${required ? ', required' : ''}`;
  return [`- ${code(name)} (${type})${sentence(schema, description)}`, ...schemaLines(schema, versionUrl, '  ')];
}

function contentLines(contents: readonly ContentView[], versionUrl: string): string[] {
  return contents.flatMap(({ mediaType, schema, itemSchema, examples }) => [
    '',
    `${code(mediaType)}${schema ? `: ${typeLine(schema, versionUrl)}${sentence(schema)}` : ''}`,
    ...(schema ? ['', ...schemaLines(schema, versionUrl)] : []),
    ...(itemSchema ? ['', `Each item: ${typeLine(itemSchema, versionUrl)}${sentence(itemSchema)}`, ''] : []),
    ...(itemSchema ? schemaLines(itemSchema, versionUrl) : []),
    ...examples.slice(0, 1).flatMap(({ title, text }) => ['', `${oneLine(title)}:`, '', ...fenced(text)]),
  ]);
}

function paragraph(text: string): string[] {
  return text.trim() === '' ? [] : ['', text.trim()];
}

function toText(lines: readonly string[]): string {
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
