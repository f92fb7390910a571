import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

import { z } from 'zod';

/** `demo`: `npm start`. `development`: `npm run dev`. `production`: `npm run serve`. */
export type Mode = 'demo' | 'development' | 'production';

interface Setting {
  meaning: string;
  /** As written in the environment; null where there is none. */
  defaultText: string | null;
  schema: z.ZodType;
  /** A secret may also be given as NAME_FILE; demo and development make and keep a random one. */
  secret?: true;
  requiredInProduction?: true;
}

const port = z.coerce.number('must be a port number').int().min(0, 'must be 0 to 65535').max(65535, 'must be 0 to 65535');
const text = z.string().min(1, 'must not be empty');
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL, such as https://developers.example.com' })
  .refine((value) => new URL(value).pathname === '/' && new URL(value).search === '', 'must have no path, query or fragment');
const secret = z.string().min(32, 'must be 32 characters or more, for example from: openssl rand -base64 32');

/** Every setting, once: name, meaning, default and check. The settings guide is made from this table. */
export const settings = {
  PUBLIC_URL: {
    meaning: 'Address under which people reach the portal. All absolute links are made from it, never from a request.',
    defaultText: null,
    schema: httpUrl.optional(),
    requiredInProduction: true,
  },
  HOST: { meaning: 'Address the portal listens on.', defaultText: '127.0.0.1', schema: text },
  PORT: { meaning: 'Port the portal listens on.', defaultText: '4321', schema: port },
  VERIFIER_HOST: { meaning: 'Address the verifier listens on. Keep it private to your gateways.', defaultText: '127.0.0.1', schema: text },
  VERIFIER_PORT: { meaning: 'Port on which gateways ask the verifier.', defaultText: '4322', schema: port },
  GATEWAY_HOST: { meaning: 'Address the built-in gateway listens on.', defaultText: '127.0.0.1', schema: text },
  GATEWAY_PORT: { meaning: 'Port of the built-in gateway.', defaultText: '8080', schema: port },
  GATEWAY_PUBLIC_URL: {
    meaning: 'Address under which consumers call the APIs; shown in documentation and used by "Try it out". Default: the built-in gateway.',
    defaultText: null,
    schema: httpUrl.optional(),
  },
  DATA_DIR: { meaning: 'Folder of the databases and, without SMTP_URL, of the outgoing mails.', defaultText: 'db/data', schema: text },
  CONTENT_DIR: { meaning: 'Folder of OpenAPI documents, notices and guides.', defaultText: 'content', schema: text },
  DATABASE_URL: {
    meaning: 'Database of the portal: sqlite:<path> or postgres://... Default: portal.sqlite in DATA_DIR.',
    defaultText: null,
    schema: z.string().regex(/^(sqlite:|postgres(ql)?:\/\/)/, 'must start with sqlite: or postgres://').optional(),
  },
  TRUSTED_PROXIES: {
    meaning: 'Comma-separated addresses or CIDR ranges of proxies whose X-Forwarded-For is believed. Empty: nobody\'s.',
    defaultText: '',
    schema: z.string(),
  },
  SMTP_URL: {
    meaning: 'Mail server, such as smtps://name:password@mail.example.com. Unset: mails are kept in DATA_DIR.',
    defaultText: null,
    schema: z.string().regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://').optional(),
  },
  MAIL_FROM: { meaning: 'Sender of all mails.', defaultText: 'gatehouse@localhost', schema: z.string().regex(/^[^\s@,<>"]+@[^\s@,<>"]+$/, 'must be one plain address') },
  KEY_PREFIX: {
    meaning: 'First part of every API key; letters and digits. Choose one that is yours, so that secret scanners can find your keys.',
    defaultText: 'gth',
    schema: z.string().regex(/^[a-z][a-z0-9]{1,9}$/, 'must be 2 to 10 lower-case letters or digits, the first a letter'),
  },
  KEY_PEPPER: { meaning: 'Secret under which API keys are stored (HMAC-SHA-256). Losing it ends every key.', defaultText: null, schema: secret, secret: true },
  SESSION_SECRET: { meaning: 'Secret under which session and mail tokens are stored (HMAC-SHA-256).', defaultText: null, schema: secret, secret: true },
  GATEWAY_SECRET: { meaning: 'Secret that gateways present to the verifier, in the header Gatehouse-Secret.', defaultText: null, schema: secret, secret: true },
  LOG_LEVEL: { meaning: 'Least severe log lines to write: debug, info, warn, error or silent.', defaultText: 'warn', schema: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent') },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  mode: Mode;
  /** Origin such as `https://developers.example.com`, without a trailing slash. */
  publicUrl: string;
  host: string;
  port: number;
  verifierHost: string;
  verifierPort: number;
  gatewayHost: string;
  gatewayPort: number;
  /** Origin under which consumers call APIs, without a trailing slash. */
  gatewayPublicUrl: string;
  /** Absolute paths. */
  dataDir: string;
  contentDir: string;
  databaseUrl: string;
  /** Where the verifier counts; the same database on PostgreSQL. */
  usageDatabaseUrl: string;
  trustedProxies: readonly string[];
  smtpUrl: string | null;
  mailFrom: string;
  keyPrefix: string;
  keyPepper: Uint8Array;
  sessionSecret: Uint8Array;
  gatewaySecret: string;
  logLevel: string;
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; errors: readonly string[] };

/**
 * Reads all settings from the environment; every error is reported, not just the first.
 * @param keptSecrets secrets that demo mode made earlier (`secret-file.ts`); production has none.
 */
export function readConfig(environment: Environment, mode: Mode, keptSecrets: Environment = {}, root = process.cwd()): ConfigResult {
  const errors: string[] = [];
  const value = (name: SettingName): unknown => {
    const setting: Setting = settings[name];
    const given = readGiven(name, setting, environment, keptSecrets, errors);
    if (given === undefined && mode === 'production' && (setting.requiredInProduction || setting.secret)) {
      errors.push(`${name} is required in production: ${setting.meaning}`);
      return undefined;
    }
    if (given === undefined && setting.secret) {
      errors.push(`${name} is missing`);
      return undefined;
    }
    const parsed = setting.schema.safeParse(given ?? setting.defaultText ?? undefined);
    if (parsed.success) return parsed.data;
    errors.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
    return undefined;
  };
  const values = Object.fromEntries(Object.keys(settings).map((name) => [name, value(name as SettingName)]));
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, config: toConfig(values as Record<SettingName, never>, mode, root) };
}

function readGiven(name: string, setting: Setting, environment: Environment, kept: Environment, errors: string[]): string | undefined {
  const direct = environment[name];
  if (direct !== undefined && direct !== '') return direct;
  if (!setting.secret) return direct === '' && setting.defaultText === '' ? '' : undefined;
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === '') return kept[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    errors.push(`${name}_FILE names a file that cannot be read: ${file}`);
    return undefined;
  }
}

function toConfig(values: Record<SettingName, never>, mode: Mode, root: string): Config {
  const read = values as Record<SettingName, string> & { PORT: number; VERIFIER_PORT: number; GATEWAY_PORT: number };
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(root, path));
  const dataDir = absolute(read.DATA_DIR);
  const databaseUrl = read.DATABASE_URL ?? `sqlite:${join(dataDir, 'portal.sqlite')}`;
  const bytes = (secretText: string): Uint8Array => new TextEncoder().encode(secretText);
  return {
    mode,
    publicUrl: new URL(read.PUBLIC_URL ?? `http://${read.HOST}:${String(read.PORT)}`).origin,
    host: read.HOST,
    port: read.PORT,
    verifierHost: read.VERIFIER_HOST,
    verifierPort: read.VERIFIER_PORT,
    gatewayHost: read.GATEWAY_HOST,
    gatewayPort: read.GATEWAY_PORT,
    gatewayPublicUrl: new URL(read.GATEWAY_PUBLIC_URL ?? `http://${read.GATEWAY_HOST}:${String(read.GATEWAY_PORT)}`).origin,
    dataDir,
    contentDir: absolute(read.CONTENT_DIR),
    databaseUrl,
    usageDatabaseUrl: databaseUrl.startsWith('sqlite:') ? `sqlite:${join(dataDir, 'usage.sqlite')}` : databaseUrl,
    trustedProxies: read.TRUSTED_PROXIES.split(',').map((part) => part.trim()).filter((part) => part !== ''),
    smtpUrl: read.SMTP_URL ?? null,
    mailFrom: read.MAIL_FROM,
    keyPrefix: read.KEY_PREFIX,
    keyPepper: bytes(read.KEY_PEPPER),
    sessionSecret: bytes(read.SESSION_SECRET),
    gatewaySecret: read.GATEWAY_SECRET,
    logLevel: read.LOG_LEVEL,
  };
}
