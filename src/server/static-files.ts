import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';

import sirv from 'sirv';

import { createAnswerMemory } from './answer-memory.ts';

/** @returns whether a file was there and answers. */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The build puts a hash of the content into these names. */
const HASHED_FOLDER = '/assets/';

/** Text needs its encoding said: Swagger UI is not even parsed without. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Files of the build, with the `.br` and `.gz` variants made beside them. The folder is listed once, here. */
export function createStaticFiles(folder: string): StaticFiles {
  if (!existsSync(folder)) return () => false;
  const serve = sirv(folder, {
    etag: true,
    brotli: true,
    gzip: true,
    extensions: [],
    setHeaders: (response, path) => {
      const type = TEXT_TYPES[extname(path)];
      if (type !== undefined) response.setHeader('Content-Type', type);
    },
  });
  // A file that has its content's hash in its name is the same for ever: opening it each time takes longer than sending.
  const memory = createAnswerMemory({ edition: () => 'this build', nameOf: hashedFileName });
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (memory.answer(request, response)) return true;
    // Answering a range is optional (RFC 9110, 14.2); sirv throws on one whose end is before its start.
    delete request.headers.range;
    // Set beforehand, so that a 304 carries them too.
    const isHashed = request.url?.startsWith(HASHED_FOLDER) ?? false;
    response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=300');
    response.setHeader('Vary', 'Accept-Encoding');
    // sirv does not listen for errors of the file it sends, such as one that a new build has just removed.
    response.once('pipe', (file) => file.once('error', () => response.destroy()));
    const found = { file: true };
    serve(request, response, () => {
      found.file = false;
    });
    if (!found.file) response.removeHeader('Cache-Control');
    if (!found.file) response.removeHeader('Vary');
    return found.file;
  };
}

function hashedFileName({ method, url = '', headers }: IncomingMessage): string | null {
  if (method !== 'GET' || headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined)
    return null;
  return /^\/assets\/[^?]+$/.test(url) ? `${headers['accept-encoding'] ?? ''} ${url}` : null;
}
