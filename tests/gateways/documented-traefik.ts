import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import { GATEWAY_SECRET } from '../verify/world.ts';
import { type Line, type RawAnswer, type RawCall, send, startDocumentedProxy } from './documented-proxy.ts';
import type { GatewayPorts, GatewayProgram } from './programs.ts';

const guides = join(import.meta.dirname, '../../content/guides/gateways/traefik');

const middleware = z.union([
  z.strictObject({ headers: z.strictObject({ customRequestHeaders: z.record(z.string(), z.string()) }) }),
  z.strictObject({ stripPrefix: z.strictObject({ prefixes: z.array(z.string().startsWith('/')).min(1) }) }),
  z.strictObject({
    forwardAuth: z.strictObject({
      address: z.url(),
      trustForwardHeader: z.literal(false),
      authRequestHeaders: z.array(z.string()).min(1),
      authResponseHeadersRegex: z.string(),
    }),
  }),
]);
const configuration = z.strictObject({
  http: z.strictObject({
    routers: z.record(
      z.string(),
      z.strictObject({
        entryPoints: z.array(z.string()),
        rule: z.string().regex(/^PathPrefix\(`\/[a-z]+\/`\)$/),
        middlewares: z.array(z.string()),
        service: z.string(),
      }),
    ),
    middlewares: z.record(z.string(), middleware),
    services: z.record(
      z.string(),
      z.strictObject({
        loadBalancer: z.strictObject({ servers: z.array(z.strictObject({ url: z.url() })).length(1) }),
      }),
    ),
  }),
});
export const staticConfiguration = z.strictObject({
  entryPoints: z.record(z.string(), z.strictObject({ address: z.string().regex(/^:\d+$/) })),
  providers: z.strictObject({ file: z.strictObject({ filename: z.string().startsWith('/') }) }),
});

type ForwardAuth = Extract<z.infer<typeof middleware>, { forwardAuth: unknown }>['forwardAuth'];

/** Traefik's `forwardAuth`, `headers` and `stripPrefix` (doc.traefik.io/traefik, HTTP middlewares), file and all. */
export async function startDocumentedTraefik(
  _folder: string,
  { verifierPort, upstreamPort }: GatewayPorts,
): Promise<GatewayProgram> {
  const text = readFileSync(join(guides, 'gatehouse.yaml'), 'utf8').replace(
    '{{ env "GATEWAY_SECRET" }}',
    GATEWAY_SECRET,
  );
  const { http } = configuration.parse(parse(text));
  return startDocumentedProxy(async (received, peer) => {
    const router = Object.values(http.routers).find(({ rule }) =>
      received.target.startsWith(/`(.*)`/.exec(rule)?.[1] ?? '?'),
    );
    if (!router || !http.services[router.service]) return { status: 404, lines: [], body: Buffer.alloc(0) };
    let call: RawCall = { ...received, lines: enter(received.lines) };
    for (const name of router.middlewares) {
      const found = http.middlewares[name];
      if (!found) throw new Error(`there is no middleware ${name}`);
      if ('headers' in found) call = { ...call, lines: customise(call.lines, found.headers.customRequestHeaders) };
      else if ('stripPrefix' in found) call = { ...call, target: strip(call.target, found.stripPrefix.prefixes) };
      else {
        const lines = await authorise(found.forwardAuth, call, peer, verifierPort);
        if ('status' in lines) return lines;
        call = { ...call, lines };
      }
    }
    return send(upstreamPort, { ...call, lines: [...call.lines, { name: 'X-Forwarded-For', value: peer }] });
  });
}

/** At the entry point: what Connection names belongs to one hop, and nobody is trusted to forward (since 2.11.9, 3.1.3). */
function enter(lines: readonly Line[]): Line[] {
  const named = lines
    .filter(({ name }) => canonical(name) === 'Connection')
    .flatMap(({ value }) => value.split(',').map((part) => canonical(part.trim())));
  const gone = new Set(['Connection', ...named]);
  return lines.filter(({ name }) => !gone.has(canonical(name)) && !/^(x-forwarded-|x-real-ip$)/i.test(name));
}

/** An empty value removes the header. */
function customise(lines: readonly Line[], custom: Record<string, string>): Line[] {
  const names = new Set(Object.keys(custom).map(canonical));
  const set = Object.entries(custom).flatMap(([name, value]) =>
    value === '' ? [] : [{ name: canonical(name), value }],
  );
  return [...lines.filter(({ name }) => !names.has(canonical(name))), ...set];
}

function strip(target: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((candidate) => target.startsWith(candidate));
  return prefix === undefined ? target : target.slice(prefix.length);
}

/** The lines of the call that may pass, or the answer that the caller gets. */
async function authorise(auth: ForwardAuth, call: RawCall, peer: string, port: number): Promise<Line[] | RawAnswer> {
  const allowed = new Set(auth.authRequestHeaders.map(canonical));
  const host = call.lines.find(({ name }) => canonical(name) === 'Host')?.value ?? '';
  const question: Line[] = [
    ...call.lines.filter(({ name }) => allowed.has(canonical(name))),
    { name: 'X-Forwarded-For', value: peer },
    { name: 'X-Forwarded-Method', value: call.method },
    { name: 'X-Forwarded-Proto', value: 'http' },
    { name: 'X-Forwarded-Host', value: host },
    { name: 'X-Forwarded-Uri', value: call.target },
  ];
  const target = new URL(auth.address).pathname;
  const answer = await send(port, { method: 'GET', target, lines: question, body: Buffer.alloc(0) });
  if (answer.status < 200 || answer.status >= 300) return answer;
  const { source, flags } = goExpression(auth.authResponseHeadersRegex);
  const copied = new RegExp(source, flags);
  return [
    ...call.lines.filter(({ name }) => !copied.test(canonical(name))),
    ...answer.lines.filter(({ name }) => copied.test(canonical(name))),
  ];
}

function goExpression(text: string): { source: string; flags: string } {
  return text.startsWith('(?i)') ? { source: text.slice(4), flags: 'i' } : { source: text, flags: '' };
}

/** How Go writes the name of a header: each part between hyphens with a capital. */
function canonical(name: string): string {
  return name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
