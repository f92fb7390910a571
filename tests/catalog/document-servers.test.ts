import { describe, expect, test } from 'vitest';

import { serversOf } from '../../src/catalog/document-servers.ts';
import { read } from './documents.ts';

const PORTAL = 'https://developers.example';

async function servers(given: unknown, more: object = {}) {
  const paths = { '/a': { get: { operationId: 'a', responses: { 200: { description: 'Fine' } } } } };
  const whole = { openapi: '3.0.3', info: { title: 'A', version: '1' }, servers: given, paths, ...more };
  const document = await read(JSON.stringify(whole), 'json');
  expect(JSON.parse(document.json)).not.toHaveProperty('servers');
  return serversOf(JSON.parse(document.parts[0]?.json ?? ''), [PORTAL, 'https://api.example']);
}

describe('the servers that a document names', () => {
  test('are kept for readers, with their variables', async () => {
    const region = { default: 'eu', enum: ['eu', 'us'], description: 'Where the data is.' };
    const found = await servers([
      { url: 'https://{region}.carrier.example/v1', description: 'Live', variables: { region } },
      { url: 'http://sandbox.carrier.example' },
    ]);
    expect(found).toEqual([
      {
        url: 'https://{region}.carrier.example/v1',
        name: '',
        description: 'Live',
        variables: [{ name: 'region', defaultValue: 'eu', values: ['eu', 'us'], description: 'Where the data is.' }],
      },
      { url: 'http://sandbox.carrier.example', name: '', description: '', variables: [] },
    ]);
  });

  test.each([
    ['a script', { url: 'javascript:alert(1)' }],
    ['a path', { url: '/v1' }],
    ['another scheme', { url: 'wss://carrier.example' }],
    ['a name and a password in it', { url: 'https://ada:secret@carrier.example' }],
    ['this portal', { url: `${PORTAL}/api` }],
    ['this portal in capitals', { url: 'HTTPS://Developers.Example:443' }],
    ['the gateway', { url: 'https://api.example/parcels/v1' }],
    [
      'this portal by the default of a variable',
      { url: 'https://{host}/', variables: { host: { default: 'developers.example' } } },
    ],
    [
      'this portal by one value of a variable',
      {
        url: 'https://{host}',
        variables: { host: { default: 'a.example', enum: ['a.example', 'developers.example'] } },
      },
    ],
    ['a script by its variable', { url: '{x}', variables: { x: { default: 'javascript:alert(1)' } } }],
  ])('are left out when they are %s', async (_, server) => {
    expect(await servers([server])).toEqual([]);
  });

  test('cannot be brought in beside the rule', async () => {
    expect(await servers([], { 'x-gatehouse-servers': [{ url: 'https://evil.example' }] })).toEqual([]);
  });
});
