import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { portalEventData, portalEventTypes } from '../../src/platform/portal-event.ts';
import { eventExamples, exampleBody } from '../../src/webhooks/event-example.ts';
import { verificationSamples } from '../../src/webhooks/verification-samples.ts';
import { signatureHeaders } from '../../src/webhooks/webhook-secret.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { freePorts, startProgram } from '../support/servers.ts';

const folder = join(import.meta.dirname, '../../content/guides');
const guide = readFileSync(join(folder, 'webhooks.md'), 'utf8');
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;
const other = `whsec_${Buffer.from('another secret, of 32 bytes ....').toString('base64')}`;
const body = exampleBody('key.rotated', 'https://developers.example.com');

describe('the guide', () => {
  it.each(portalEventTypes)('shows %s as it is sent', (type) => {
    expect(portalEventData[type].safeParse(eventExamples[type].data)).toMatchObject({ success: true });
    const [, section = ''] = guide.split(`### \`${type}\`\n`);
    const [, when, json] = /^\s*(.+?)\n\n```json\n(.+?)\n```/s.exec(section) ?? [];
    expect(when).toBe(eventExamples[type].when);
    expect(JSON.parse(json ?? 'null')).toEqual(JSON.parse(exampleBody(type, 'https://developers.example.com')));
  });

  it('shows the verification that the portal shows', () => {
    const files = ['webhooks/receiver.mjs', 'webhooks/verify.py'].map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
    for (const [at, { code }] of verificationSamples.entries()) {
      const lines = code.split('\n').filter((line) => line !== '');
      for (const line of lines) expect(files[at]).toContain(line);
    }
  });
});

/** Headers of a message, and what a receiver must say of it. */
const now = Date.now();
const messages: [string, Record<string, string>, boolean][] = [
  ['one signature', headersOf([secret], now), true],
  ['two signatures, the right one last', headersOf([other, secret], now), true],
  ['the signature of another secret', headersOf([other], now), false],
  ['a message of six minutes ago', headersOf([secret], now - 360_000), false],
  ['a message of the future', headersOf([secret], now + 360_000), false],
  ['another id', { ...headersOf([secret], now), 'webhook-id': 'evt_2' }, false],
  ['no signature', { 'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(now / 1000)) }, false],
  ['no time', { 'webhook-id': 'evt_1', 'webhook-signature': 'v1,AAAA' }, false],
  ['a time that is no number', { ...headersOf([secret], now), 'webhook-timestamp': 'now' }, false],
  ['nothing', {}, false],
];

function headersOf(secrets: readonly string[], sentAtMs: number): Record<string, string> {
  return signatureHeaders(secrets, { eventId: 'evt_1', sentAtMs, body });
}

describe('the receiver for Node', () => {
  let port: number;
  let receiver: Awaited<ReturnType<typeof startProgram>>;
  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    const environment = { WEBHOOK_SECRET: secret, PORT: String(port) };
    const words = [join(folder, 'webhooks/receiver.mjs')];
    receiver = await startProgram({ command: process.execPath, words, environment, ready: port });
  });
  afterAll(() => receiver.stop());

  it.each(messages)('judges %s', async (_, headers, isGenuine) => {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
    expect(answer.status).toBe(isGenuine ? 204 : 400);
  });

  it('handles an event that comes twice once', () => {
    expect(receiver.output().match(/key\.rotated/g)).toHaveLength(1);
  });
});

describeWithPrograms('the verification in Python', ['python3'], () => {
  it.each(messages)('judges %s', async (_, headers, isGenuine) => {
    const script = `import json, sys; sys.path.insert(0, ${JSON.stringify(join(folder, 'webhooks'))}); from verify import is_genuine; given = json.load(sys.stdin); print(is_genuine(given["secret"], given["headers"], given["body"].encode()))`;
    const python = spawn('python3', ['-B', '-c', script]);
    python.stdin.end(JSON.stringify({ secret, headers, body }));
    let output = '';
    python.stdout.on('data', (part: Buffer) => (output += part.toString()));
    await once(python, 'close');
    expect(output.trim()).toBe(isGenuine ? 'True' : 'False');
  });
});
