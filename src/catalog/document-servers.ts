import { type JsonObject, isJsonObject } from './document-source.ts';

/** Where the servers that a document names are kept: `servers` itself is the gateway, so that no key goes past it. */
export const SERVERS_EXTENSION = 'x-gatehouse-servers';

/** A server that a document names, for readers only. */
export interface DocumentServer {
  /** http or https; may have variables in braces. */
  url: string;
  /** '' in documents before OpenAPI 3.2. */
  name: string;
  /** Markdown, untrusted. */
  description: string;
  variables: readonly ServerVariable[];
}

export interface ServerVariable {
  name: string;
  defaultValue: string;
  /** All that it may be; empty when anything goes. */
  values: readonly string[];
  description: string;
}

const MOST_SERVERS = 20;
const MOST_VARIABLES = 10;
const MOST_VALUES = 50;
const LONGEST = 500;

/** Replaces the servers of the whole document by the extension, and removes those of paths and operations. */
export function keepServers(document: JsonObject): void {
  const given = Array.isArray(document.servers) ? document.servers : [];
  const kept = given.slice(0, MOST_SERVERS).filter((server) => readServer(server) !== null);
  delete document.servers;
  if (kept.length > 0 || SERVERS_EXTENSION in document) document[SERVERS_EXTENSION] = kept;
}

/**
 * @param root of a stored document
 * @param ownOrigins of this portal: a document that calls it its server would send readers and their keys to it
 */
export function serversOf(root: unknown, ownOrigins: readonly string[]): DocumentServer[] {
  const given = isJsonObject(root) ? root[SERVERS_EXTENSION] : null;
  return (Array.isArray(given) ? given : [])
    .map(readServer)
    .filter((server) => server !== null)
    .filter((server) => everyUrl(server).every((url) => !ownOrigins.includes(url?.origin ?? '')));
}

/** null for what is no absolute http or https address with its defaults in place, such as `/v1`. */
function readServer(given: unknown): DocumentServer | null {
  if (!isJsonObject(given) || typeof given.url !== 'string' || given.url.length > LONGEST) return null;
  const variables = isJsonObject(given.variables) ? Object.entries(given.variables) : [];
  const server = {
    url: given.url,
    name: text(given.name),
    description: text(given.description),
    variables: variables.slice(0, MOST_VARIABLES).map(([name, variable]) => readVariable(name, variable)),
  };
  return everyUrl(server).every((url) => url !== null) ? server : null;
}

function readVariable(name: string, given: unknown): ServerVariable {
  const variable = isJsonObject(given) ? given : {};
  const values = Array.isArray(variable.enum) ? variable.enum : [];
  return {
    name,
    defaultValue: text(variable.default),
    values: values.filter((value) => typeof value === 'string').slice(0, MOST_VALUES),
    description: text(variable.description),
  };
}

/** With the defaults, and with each value that one of the variables may have; null where it is no address to call. */
function everyUrl({ url, variables }: DocumentServer): (URL | null)[] {
  const withDefaults = (name: string, value: string): string =>
    url.replace(/\{([^{}]*)\}/g, (whole, found: string) =>
      found === name ? value : (variables.find((variable) => variable.name === found)?.defaultValue ?? whole),
    );
  const filled = [
    withDefaults('', ''),
    ...variables.flatMap(({ name, values }) => values.map((value) => withDefaults(name, value))),
  ];
  return filled.map((text) => {
    const parsed = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
    return parsed?.username === '' && parsed.password === '' ? parsed : null;
  });
}

function text(value: unknown): string {
  return typeof value === 'string' && value.length <= LONGEST ? value : '';
}
