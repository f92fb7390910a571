import { createServer } from 'node:http';

import { expect, test } from 'vitest';

import { SchemaTooNewError } from '../../src/database/migrate.ts';
import { nodeVersionProblem } from '../../src/platform/node-version.ts';
import { startFailureText } from '../../src/server/start-failure.ts';
import { startFront } from './front.ts';

test('a busy port is one line that names the port', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
  });
  const failure = await startFront({ PORT: String(port) }).catch(startFailureText);
  other.close();
  expect(failure).toBe(`port ${port} is in use: stop the program that uses it, or choose another port with PORT`);
});

test.each<[string, unknown, RegExp]>([
  [
    'an unwritable folder',
    Object.assign(new Error('x'), { code: 'EACCES', path: '/data' }),
    /^\/data cannot be written.*DATA_DIR$/,
  ],
  ['a read-only disk', Object.assign(new Error('x'), { code: 'EROFS', path: '/data' }), /^\/data cannot be written/],
  [
    'a low port',
    Object.assign(new Error('x'), { code: 'EACCES', syscall: 'listen', port: 80 }),
    /^port 80 may not be opened/,
  ],
  ['a newer schema', new SchemaTooNewError('the database has a newer schema'), /^the database has a newer schema$/],
  [
    'a server that does not answer',
    Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
    /^ECONNREFUSED$/,
  ],
])('%s is one clear line', (_what, error, line) => {
  expect(startFailureText(error)).toMatch(line);
  expect(startFailureText(error)).not.toContain('\n');
});

test.each([
  ['18.20.0', false],
  ['20.20.2', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.0.0', true],
])('Node %s is new enough: %s', (version, isNewEnough) => {
  expect(nodeVersionProblem(version) === null).toBe(isNewEnough);
});
