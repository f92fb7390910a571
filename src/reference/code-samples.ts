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
import type { SampleRequest } from './sample-request.ts';

/** As the library wants it (HAR 1.2): the query is in the URL already, so `queryString` stays empty. */
interface HarRequest {
  method: string;
  url: string;
  headers: { name: string; value: string }[];
  postData?: { mimeType: string; text?: string; params?: { name: string; value: string }[] };
  queryString: [];
  cookies: [];
  httpVersion: string;
  headersSize: number;
  bodySize: number;
}

interface Writer {
  language: Language;
  title: string;
  write: (call: Call) => string;
  /** Whether a JSON body comes out as it is. */
  fits?: (value: unknown) => boolean;
}

interface Call {
  har: HarRequest;
  request: SampleRequest;
}

const writers: readonly Writer[] = [
  { language: 'curl', title: 'curl', write: ({ har }) => shellCurl.generate(har) },
  { language: 'javascript', title: 'JavaScript', write: ({ har }) => awaited(jsFetch.generate(har)) },
  { language: 'python', title: 'Python', write: ({ har }) => imported(pythonRequests.generate(har)), fits: fitsPython },
  { language: 'go', title: 'Go', write: ({ har }) => goNative.generate(har) },
  { language: 'java', title: 'Java', write: ({ har }) => asProgram(javaNethttp.generate(har)) },
  { language: 'csharp', title: 'C#', write: (call) => printed(csharpHttpclient.generate(withOwnType(call))) },
  { language: 'php', title: 'PHP', write: ({ har }) => `<?php\n${phpCurl.generate(har)}`, fits: fitsPhp },
  { language: 'ruby', title: 'Ruby', write: ({ har }) => literalHeredoc(rubyNative.generate(har)) },
];

/** The same call in every language in which it can be written so that running it does exactly this. */
export function codeSamples(request: SampleRequest): CodeSample[] {
  const call = { har: toHar(request), request };
  const value = request.body?.kind === 'json' ? request.body.value : null;
  return writers
    .filter(({ fits }) => fits?.(value) ?? true)
    .map(({ language, title, write }) => ({ language, title, code: write(call) }));
}

function toHar({ method, url, headers, body }: SampleRequest): HarRequest {
  const unused = { queryString: [] as [], cookies: [] as [], httpVersion: 'HTTP/1.1', headersSize: -1, bodySize: -1 };
  const request = { method, url, headers: headers.map((header) => ({ ...header })), ...unused };
  if (body === null) return request;
  // Variants such as application/merge-patch+json are written as JSON too; their header says what they are.
  const postData =
    body.kind === 'json'
      ? { mimeType: 'application/json', text: JSON.stringify(body.value) }
      : { mimeType: body.mediaType, params: body.fields.map((field) => ({ ...field })) };
  return { ...request, postData };
}

/** C# takes the type of the body from the body, not from the header. */
function withOwnType({ har, request: { body } }: Call): HarRequest {
  if (body?.kind !== 'json' || body.mediaType === 'application/json') return har;
  return { ...har, postData: { mimeType: body.mediaType, text: JSON.stringify(body.value, null, 2) } };
}

function awaited(code: string): string {
  return `const response = await ${code}\nconsole.log(response.status, await response.text())`;
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

/** The library writes names into PHP as they are, and an empty object as an empty list. */
function fitsPhp(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(fitsPhp);
  if (!isJsonObject(value)) return true;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([name, child]) => !/['\\]/.test(name) && fitsPhp(child));
}

/** The library turns `: true,` into Python also within text. */
function fitsPython(value: unknown): boolean {
  if (typeof value === 'string') return !/: (true|false|null)(?=,|\n)/.test(JSON.stringify(value));
  if (Array.isArray(value)) return value.every(fitsPython);
  return !isJsonObject(value) || Object.entries(value).every((entry) => entry.every(fitsPython));
}
