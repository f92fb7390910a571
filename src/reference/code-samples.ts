import { csharpHttpclient } from '@scalar/snippetz/plugins/csharp/httpclient';
import { goNative } from '@scalar/snippetz/plugins/go/native';
import { javaNethttp } from '@scalar/snippetz/plugins/java/nethttp';
import { jsFetch } from '@scalar/snippetz/plugins/js/fetch';
import { phpCurl } from '@scalar/snippetz/plugins/php/curl';
import { pythonRequests } from '@scalar/snippetz/plugins/python/requests';
import { rubyNative } from '@scalar/snippetz/plugins/ruby/native';
import { shellCurl } from '@scalar/snippetz/plugins/shell/curl';

import { isJsonObject } from '../catalog/document-source.ts';
import type { CodeSample, Language } from './code-sample.ts';
import type { SampleBody } from './sample-body.ts';
import type { SampleRequest } from './sample-request.ts';

/** As the library wants it (HAR 1.2): the query is in the URL already, so `queryString` stays empty. */
interface HarRequest {
  method: string;
  url: string;
  headers: { name: string; value: string }[];
  postData?: { mimeType: string; text?: string; params?: HarPart[] };
  queryString: [];
  cookies: [];
  httpVersion: string;
  headersSize: number;
  bodySize: number;
}

interface HarPart {
  name: string;
  value?: string;
  fileName?: string;
  contentType?: string;
}

interface Writer {
  language: Language;
  title: string;
  write: (call: Call) => string;
  /** Whether a body comes out as it is. */
  fits?: (body: SampleBody) => boolean;
}

interface Call {
  har: HarRequest;
  request: SampleRequest;
}

const writers: readonly Writer[] = [
  { language: 'curl', title: 'curl', write: ({ har }) => shellCurl.generate(har) },
  {
    language: 'javascript',
    title: 'JavaScript',
    write: ({ har, request }) => withFiles(awaited(jsFetch.generate(har)), request.body),
    fits: hasNoTypes,
  },
  {
    language: 'python',
    title: 'Python',
    write: (call) => imported(pythonRequests.generate(inPython(call))),
    fits: fitsPython,
  },
  { language: 'go', title: 'Go', write: ({ har }) => goNative.generate(har), fits: hasNoTypes },
  { language: 'java', title: 'Java', write: ({ har }) => asProgram(javaNethttp.generate(har)) },
  { language: 'csharp', title: 'C#', write: (call) => printed(csharpHttpclient.generate(withOwnType(call))) },
  { language: 'php', title: 'PHP', write: ({ har }) => `<?php\n${phpCurl.generate(har)}`, fits: fitsPhp },
  { language: 'ruby', title: 'Ruby', write: ({ har }) => literalHeredoc(rubyNative.generate(har)), fits: fitsRuby },
];

/** The same call in every language in which it can be written so that running it does exactly this. */
export function codeSamples(request: SampleRequest): CodeSample[] {
  const call = { har: toHar(request), request };
  const { body } = request;
  return writers
    .filter(({ fits }) => body === null || (fits?.(body) ?? true))
    .map(({ language, title, write }) => ({ language, title, code: write(call) }));
}

function toHar({ method, url, headers, body }: SampleRequest): HarRequest {
  const unused = { queryString: [] as [], cookies: [] as [], httpVersion: 'HTTP/1.1', headersSize: -1, bodySize: -1 };
  const request = { method, url, headers: headers.map((header) => ({ ...header })), ...unused };
  return body === null ? request : { ...request, postData: toPostData(body) };
}

function toPostData(body: SampleBody): NonNullable<HarRequest['postData']> {
  switch (body.kind) {
    case 'json':
      // Variants such as application/merge-patch+json are written as JSON too; their header says what they are.
      return { mimeType: 'application/json', text: JSON.stringify(body.value) };
    case 'lines':
      return { mimeType: 'application/jsonl', text: linesText(body.values) };
    case 'form':
      return { mimeType: body.mediaType, params: body.fields.map((field) => ({ ...field })) };
    case 'multipart':
      return {
        mimeType: body.mediaType,
        params: body.parts.map(({ contentType, ...part }) => ({
          ...part,
          ...(contentType !== null && { contentType }),
        })),
      };
  }
}

function linesText(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join('\n');
}

/** C# takes the type of the body from the body, not from the header. */
function withOwnType({ har, request: { body } }: Call): HarRequest {
  if (body?.kind === 'lines') return { ...har, postData: { mimeType: body.mediaType, text: linesText(body.values) } };
  if (body?.kind !== 'json' || body.mediaType === 'application/json') return har;
  return { ...har, postData: { mimeType: body.mediaType, text: JSON.stringify(body.value, null, 2) } };
}

/** For Python the library leaves out the body of every other type. */
function inPython({ har, request: { body } }: Call): HarRequest {
  if (body?.kind !== 'lines') return har;
  return { ...har, postData: { mimeType: 'application/json', text: linesText(body.values) } };
}

function awaited(code: string): string {
  const call = code.replace(/^fetch\(/m, 'const response = await fetch(');
  return `${call}\nconsole.log(response.status, await response.text())`;
}

/** Where files are sent, the library writes empty ones. */
function withFiles(code: string, body: SampleBody | null): string {
  if (body?.kind !== 'multipart' || body.parts.every((part) => !('fileName' in part))) return code;
  const named = code.replace(/new Blob\(\[\]\), '([\w-]+\.bin)'/g, "await openAsBlob('$1'), '$1'");
  return `import { openAsBlob } from 'node:fs'\n\n${named}`;
}

/** The library leaves out the import, and what became of the call. */
function imported(code: string): string {
  return `import requests\n\nresponse = ${code}\nprint(response.status_code, response.text)`;
}

function asProgram(code: string): string {
  const lines = code.split('\n').map((line) => (line === '' ? '' : `    ${line}`));
  return [
    'import java.net.http.*;\n',
    'public class Sample {',
    '  public static void main(String[] arguments) throws Exception {',
    ...lines,
    '  }\n}',
  ].join('\n');
}

function printed(code: string): string {
  return `using System.Net.Http.Headers;\n\n${code}\nConsole.WriteLine(await response.Content.ReadAsStringAsync());`;
}

/** Without the quotes Ruby would run `#{...}` in an example, and read its backslashes. */
function literalHeredoc(code: string): string {
  return code.replace('request.body = <<~JSON\n', "request.body = <<~'JSON'\n");
}

/** The library leaves out of which type a part is. */
function hasNoTypes(body: SampleBody): boolean {
  return body.kind !== 'multipart' || body.parts.every(({ contentType }) => contentType === null);
}

function fitsPhp(body: SampleBody): boolean {
  if (body.kind === 'lines') return !/['\\]/.test(linesText(body.values));
  return body.kind !== 'json' || fitsPhpArray(body.value);
}

/** The library writes names into PHP as they are, and an empty object as an empty list. */
function fitsPhpArray(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(fitsPhpArray);
  if (!isJsonObject(value)) return true;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([name, child]) => !/['\\]/.test(name) && fitsPhpArray(child));
}

/** Lines are in double quotes, in which Ruby runs `#{...}`. */
function fitsRuby(body: SampleBody): boolean {
  return body.kind !== 'lines' || !linesText(body.values).includes('#');
}

/** Without a file or a part of its own type, Python sends a plain form. */
function fitsPython(body: SampleBody): boolean {
  if (body.kind === 'json') return fitsPythonValue(body.value);
  if (body.kind === 'lines') return body.values.every(fitsPythonValue);
  return body.kind === 'form' || body.parts.some((part) => 'fileName' in part || part.contentType !== null);
}

/** The library turns `: true,` into Python also within text. */
function fitsPythonValue(value: unknown): boolean {
  if (typeof value === 'string') return !/: (true|false|null)(?=,|\n)/.test(JSON.stringify(value));
  if (Array.isArray(value)) return value.every(fitsPythonValue);
  return !isJsonObject(value) || Object.entries(value).every((entry) => entry.every(fitsPythonValue));
}
