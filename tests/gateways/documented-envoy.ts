import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import type { z } from 'zod';

import { GATEWAY_SECRET } from '../verify/world.ts';
import { type Line, type RawAnswer, type RawCall, send, startDocumentedProxy } from './documented-proxy.ts';
import { envoyConfiguration } from './envoy-configuration.ts';
import type { GatewayPorts, GatewayProgram } from './programs.ts';

const file = join(import.meta.dirname, '../../content/guides/gateways/envoy/envoy.yaml');

type Configuration = z.infer<typeof envoyConfiguration>;

/** Envoy's `header_mutation`, HTTP `ext_authz` and router (envoyproxy.io, v3 API), file and all. */
export async function startDocumentedEnvoy(
  _folder: string,
  { verifierPort, upstreamPort }: GatewayPorts,
): Promise<GatewayProgram> {
  const text = readFileSync(file, 'utf8').replace('replace-with-the-value-of-GATEWAY_SECRET', GATEWAY_SECRET);
  const { manager, mutation, authorisation } = envoyConfiguration.parse(parse(text));
  return startDocumentedProxy(async (received, peer) => {
    const host = manager.route_config.virtual_hosts[0];
    const route = host.routes.find(({ match }) => received.target.startsWith(match.prefix));
    if (!route) return { status: 404, lines: [], body: Buffer.alloc(0) };
    const lines = withPeer(lowered(received.lines), peer).filter(({ name }) => !name.includes('_'));
    const removed = mutation.map((rule) => new RegExp(`^(?:${rule.remove_on_match.key_matcher.safe_regex.regex})$`));
    const call = { ...received, lines: lines.filter(({ name }) => !removed.some((rule) => rule.test(name))) };
    const verdict = await ask(authorisation, call, verifierPort);
    if ('denied' in verdict) return verdict.denied;
    const forwarded = verdict.lines.filter(({ name }) => !host.request_headers_to_remove.includes(name));
    const target = route.route.prefix_rewrite + call.target.slice(route.match.prefix.length);
    const answer = await send(upstreamPort, { ...call, target, lines: forwarded });
    const kept = answer.lines.filter(({ name }) => !host.response_headers_to_remove.includes(name.toLowerCase()));
    return { ...answer, lines: [...kept, ...verdict.forCaller] };
  });
}

const STATUS_ON_ERROR = { ServiceUnavailable: 503 } as const;

type Verdict = { denied: RawAnswer } | { lines: Line[]; forCaller: Line[] };

async function ask(
  { status_on_error, allowed_headers, http_service }: Configuration['authorisation'],
  call: RawCall,
  port: number,
): Promise<Verdict> {
  const { authorization_request: added, authorization_response: copied, path_prefix: prefix } = http_service;
  const allowed = new Set(['host', 'authorization', ...names(allowed_headers)]);
  const own = added.headers_to_add.map(({ key, value }) => ({ name: key, value }));
  const lines = [...joined(call.lines.filter(({ name }) => allowed.has(name))), ...own];
  const question = { method: call.method, target: prefix + call.target, lines, body: Buffer.alloc(0) };
  const answer = await send(port, question).catch(() => null);
  if (!answer || answer.status >= 500) {
    return {
      denied: { status: STATUS_ON_ERROR[status_on_error.code], lines: [], body: Buffer.alloc(0) },
    };
  }
  if (answer.status !== 200) return { denied: answer };
  const upstream = new Set(names(copied.allowed_upstream_headers));
  const identity = lowered(answer.lines).filter(({ name }) => upstream.has(name));
  const onSuccess = new Set(names(copied.allowed_client_headers_on_success));
  // A header of the call stays when the answer lacks one of that name.
  const kept = call.lines.filter(({ name }) => !identity.some((line) => line.name === name));
  return { lines: [...kept, ...identity], forCaller: lowered(answer.lines).filter(({ name }) => onSuccess.has(name)) };
}

function names({ patterns }: { patterns: readonly { exact: string }[] }): string[] {
  return patterns.map(({ exact }) => exact);
}

function lowered(lines: readonly Line[]): Line[] {
  return lines.map(({ name, value }) => ({ name: name.toLowerCase(), value }));
}

/** `use_remote_address`: the address that Envoy sees goes to the end. */
function withPeer(lines: readonly Line[], peer: string): Line[] {
  const before = lines.filter(({ name }) => name === 'x-forwarded-for').map(({ value }) => value);
  const rest = lines.filter(({ name }) => name !== 'x-forwarded-for');
  return [...rest, { name: 'x-forwarded-for', value: [...before, peer].join(',') }];
}

/** The question holds each header once; several lines of one name are joined. */
function joined(lines: readonly Line[]): Line[] {
  const found = new Map<string, string>();
  for (const { name, value } of lines) {
    const before = found.get(name);
    found.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...found].map(([name, value]) => ({ name, value }));
}
