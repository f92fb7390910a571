import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Posted, postWebhook } from '../../src/webhooks/post-webhook.ts';
import { type ResolveName, createNameResolver } from '../../src/webhooks/resolve-target.ts';
import type { TargetPolicy } from '../../src/webhooks/target-url.ts';
import { makeCertificate } from './certificate.ts';
import { type NameServer, startNameServer } from './name-server.ts';
import { startHostile, startReceiver, startTlsReceiver } from './receivers.ts';

const development: TargetPolicy = { allowPrivate: true, ports: [] };
const noNames: ResolveName = () => Promise.resolve([]);
const running = new AbortController().signal;
const message = (url: string) => ({
  url,
  headers: { 'content-type': 'application/json', 'webhook-id': 'evt_1' },
  body: '{"a":1}',
});

let open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});
async function opened<Server extends { close(): Promise<void> }>(server: Promise<Server>): Promise<Server> {
  const started = await server;
  open.push(started);
  return started;
}
const send = (url: string, resolveName = noNames, policy = development): Promise<Posted> =>
  postWebhook({ resolveName, policy }, message(url), running);

describe('postWebhook', () => {
  it('posts the body with its headers, and nothing of ours beside them', async () => {
    const receiver = await opened(startReceiver());
    expect(await send(`${receiver.url}?a=1`)).toEqual({ status: 204, failure: null, answer: '', retryAfterMs: 0 });
    expect(receiver.received).toMatchObject([{ method: 'POST', path: '/hooks?a=1', body: '{"a":1}' }]);
    const names = Object.keys(receiver.received[0]?.headers ?? {}).sort();
    expect(names).toEqual(['connection', 'content-length', 'content-type', 'host', 'webhook-id']);
  });

  it.each([200, 201, 202, 204, 299])('takes %s as delivered', async (status) => {
    const receiver = await opened(startReceiver((response) => response.writeHead(status).end()));
    expect(await send(receiver.url)).toMatchObject({ status, failure: null });
  });

  it.each([400, 401, 404, 410, 429, 500, 503])(
    'takes %s as refused, and shows the start of the answer',
    async (status) => {
      const receiver = await opened(startReceiver((response) => response.writeHead(status).end('no '.repeat(1000))));
      const posted = await send(receiver.url);
      expect(posted).toMatchObject({ status, failure: 'refused_status' });
      expect(posted.answer).toHaveLength(1024);
    },
  );

  it('reads how long the receiver asks to wait', async () => {
    const receiver = await opened(startReceiver((response) => response.writeHead(429, { 'Retry-After': '120' }).end()));
    expect(await send(receiver.url)).toMatchObject({ retryAfterMs: 120_000 });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%s)', async (status) => {
    const canary = await opened(startReceiver());
    const receiver = await opened(
      startReceiver((response) => response.writeHead(status, { Location: canary.url }).end()),
    );
    expect(await send(receiver.url)).toMatchObject({ status, failure: 'redirect' });
    expect(canary.connections).toBe(0);
  });

  it('uses no proxy of the environment', async () => {
    const proxy = await opened(startReceiver());
    const receiver = await opened(startReceiver());
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url;
    try {
      expect(await send(receiver.url)).toMatchObject({ status: 204 });
    } finally {
      for (const name of names) Reflect.deleteProperty(process.env, name);
    }
    expect(proxy.connections).toBe(0);
  });

  it('throws when it is stopped', async () => {
    const receiver = await opened(startHostile('hang'));
    const stopping = new AbortController();
    const sending = postWebhook({ resolveName: noNames, policy: development }, message(receiver.url), stopping.signal);
    await expect.poll(() => receiver.connections).toBe(1);
    stopping.abort();
    await expect(sending).rejects.toThrow('aborted');
  });
});

describe('a hostile receiver', () => {
  it.concurrent.each([
    ['hang', { status: null, failure: 'timeout' }],
    ['closeAtOnce', { status: null, failure: 'connection_failed' }],
    ['garbage', { status: null, failure: 'not_http' }],
    ['tenMegabytes', { status: 200, failure: null }],
    ['endlessHeaders', { status: null, failure: 'not_http' }],
    ['endlessInterim', { status: null }],
    ['slowHeaders', { status: null, failure: 'timeout' }],
    ['slowBody', { status: 200, failure: null }],
    ['slowRefusal', { status: 500, failure: 'refused_status' }],
  ] as const)('that does %s is left after five seconds at most', async (name, expected) => {
    const receiver = await startHostile(name);
    const before = process.memoryUsage().heapUsed;
    const startedAt = performance.now();
    const posted = await send(receiver.url);
    expect(performance.now() - startedAt).toBeLessThan(6500);
    expect(posted).toMatchObject(expected);
    expect(posted.answer.length).toBeLessThanOrEqual(1024);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
    await receiver.close();
  });

  it('that speaks no TLS, or shows a certificate of nobody, is told apart', async () => {
    const garbage = await opened(startHostile('garbage', 'https'));
    expect(await send(garbage.url)).toMatchObject({ status: null, failure: 'tls_failed' });
    const unknown = await opened(startTlsReceiver(makeCertificate('hooks.example.com')));
    expect(await send(unknown.url)).toMatchObject({ status: null, failure: 'tls_failed' });
    expect(unknown.received).toEqual([]);
  });
});

describe('with names', () => {
  const strict = (port: number): TargetPolicy => ({ allowPrivate: false, ports: [port] });
  let names: NameServer;
  let answers: Record<string, readonly string[] | ((count: number) => readonly string[]) | null>;
  let resolveName: ResolveName;
  beforeEach(async () => {
    answers = {};
    names = await opened(
      startNameServer((name, type, count) => {
        const answer = answers[`${type} ${name}`] ?? (answers[`${type} ${name}`] === null ? null : []);
        return typeof answer === 'function' ? answer(count) : answer;
      }),
    );
    resolveName = createNameResolver([names.address]);
  });
  const authorities = getCACertificates('default');
  afterAll(() => setDefaultCACertificates(authorities));

  it('connects to the address that was checked, and asks for the name once', async () => {
    const certificate = makeCertificate('hooks.consumer.dev');
    setDefaultCACertificates([...authorities, certificate.cert]);
    const receiver = await opened(startTlsReceiver(certificate));
    answers['A hooks.consumer.dev'] = ['127.0.0.1'];
    expect(await send(`https://hooks.consumer.dev:${receiver.port}/x`, resolveName)).toMatchObject({ status: 204 });
    expect(receiver.received).toMatchObject([{ headers: { host: `hooks.consumer.dev:${receiver.port}` } }]);
    expect(names.asked.sort()).toEqual(['A hooks.consumer.dev', 'AAAA hooks.consumer.dev']);
  });

  it('refuses a certificate of another name', async () => {
    const certificate = makeCertificate('other.consumer.dev');
    setDefaultCACertificates([...authorities, certificate.cert]);
    const receiver = await opened(startTlsReceiver(certificate));
    answers['A hooks.consumer.dev'] = ['127.0.0.1'];
    expect(await send(`https://hooks.consumer.dev:${receiver.port}/x`, resolveName)).toMatchObject({
      failure: 'tls_failed',
    });
    expect(receiver.received).toEqual([]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['loopback', ['127.0.0.1'], []],
    ['loopback in IPv6', [], ['::1']],
    ['a public address and loopback', ['8.8.8.8', '127.0.0.1'], []],
    ['a public address, and loopback in IPv6', ['8.8.8.8'], ['::1']],
    ['IPv4 in IPv6', [], ['::ffff:7f00:1']],
    ['NAT64', [], ['64:ff9b::7f00:1']],
    ['6to4', [], ['2002:7f00:1::1']],
    ['metadata of a cloud', ['169.254.169.254'], []],
    ['this network', ['0.0.0.0'], []],
    ['a private network', ['10.0.0.7'], []],
    ['nothing', [], []],
  ])('makes no connection when a name leads to %s', async (_, a, aaaa) => {
    const canary = await opened(startReceiver());
    answers['A trick.consumer.dev'] = a;
    answers['AAAA trick.consumer.dev'] = aaaa;
    const url = `https://trick.consumer.dev:${canary.port}/`;
    expect(await send(url, resolveName, strict(canary.port))).toMatchObject({ failure: 'no_public_address' });
    expect(canary.connections).toBe(0);
  });

  it('makes no connection when a name changes its mind between the check and the connection', async () => {
    const canary = await opened(startReceiver());
    // Public at first, loopback from the second question on; nobody answers at the public address.
    answers['A rebind.consumer.dev'] = (count) => (count === 1 ? ['192.88.98.1'] : ['127.0.0.1']);
    const url = `https://rebind.consumer.dev:${canary.port}/`;
    const posted = await send(url, resolveName, strict(canary.port));
    expect(posted.status).toBeNull();
    expect(await send(url, resolveName, strict(canary.port))).toMatchObject({ failure: 'no_public_address' });
    expect(canary.connections).toBe(0);
    expect(names.asked.filter((one) => one.startsWith('A '))).toHaveLength(2);
  });

  it('gives up a name whose server is silent', async () => {
    answers['A silent.consumer.dev'] = null;
    answers['AAAA silent.consumer.dev'] = null;
    const posted = await send('https://silent.consumer.dev/', resolveName, strict(443));
    expect(['timeout', 'no_public_address']).toContain(posted.failure);
  });
});
