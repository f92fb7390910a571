import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

import { type PublishingConfig, publishingConfig } from './publishing-settings.ts';
import { listed, splitPair } from './listed.ts';
import { type Environment, type Setting, type SettingName, settings } from './settings.ts';
import { standsInFor } from '../database/stand-in-folder.ts';
import { secretErrors } from './secret-settings.ts';
import { type SecondStepFor, type SignInConfig, signInConfig, signInErrors } from './sign-in-settings.ts';
import { type TykConfig, tykConfig, tykErrors } from './tyk-settings.ts';

export { type Environment, type SettingName, settings };

/** `demo`: `npm start`. `development`: `npm run dev`. `production`: `npm run serve`. */
export type Mode = 'demo' | 'development' | 'production';

export interface Config extends PublishingConfig {
  mode: Mode;
  /** Origin such as `https://developers.example.com`, without a trailing slash. */
  publicUrl: string;
  host: string;
  port: number;
  verifierHost: string;
  verifierPort: number;
  /** Threads that answer calls. */
  verifierWorkers: number;
  gatewayHost: string;
  gatewayPort: number;
  /** Origin under which consumers call APIs, without a trailing slash. */
  gatewayPublicUrl: string;
  /** Absolute paths. */
  dataDir: string;
  /** The folder that cannot be written, and for which `dataDir` stands in; null: `dataDir` is the folder itself. */
  readOnlyFolder: string | null;
  contentDir: string;
  databaseUrl: string;
  /** Where the verifier counts; the same database on PostgreSQL. */
  usageDatabaseUrl: string;
  /** API slug -> origin that replaces the one of its `api.yaml`. */
  upstreams: ReadonlyMap<string, string>;
  trustedProxies: readonly string[];
  smtpUrl: string | null;
  mailFrom: string;
  keyPrefix: string;
  keyPepper: Uint8Array;
  /** The one before, while keys are still under it. */
  keyPepperPrevious: Uint8Array | null;
  sessionSecret: Uint8Array;
  gatewaySecret: string;
  /** The one before, while gateways still present it. */
  gatewaySecretPrevious: string | null;
  /** Of single gateways, by name. */
  gatewaySecrets: ReadonlyMap<string, string>;
  keyReminderDays: readonly number[];
  /** Some of 50, 80, 90 and 100. */
  quotaMailPercents: readonly number[];
  quotaOwnerMailPercents: readonly number[];
  leakedKeyAction: 'revoke' | 'suspend';
  exposedKeyAction: 'tell' | 'revoke' | 'suspend';
  /** null: only plans say when a key is dormant. */
  keyDormantDays: number | null;
  /** Absolute; null when no scanner is believed. */
  secretScanningKeysFile: string | null;
  /** A `mailto:` or https URL. */
  securityContact: string | null;
  /** Notices written in the portal need a second owner's approval. */
  noticeReview: boolean;
  webhookAllowPrivate: boolean;
  /** Beside 443. */
  webhookPorts: readonly number[];
  /** With which accounts elsewhere people may sign in. */
  signIn: SignInConfig;
  /** null when no Tyk gateway is connected. */
  tyk: TykConfig | null;
  /** Days for which calls are kept by the hour, and by the day. */
  usageKeptDays: { hours: number; days: number };
  /** null: only gateways may read metrics. */
  metricsToken: string | null;
  logLevel: string;
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; errors: readonly string[] };

/**
 * Reads all settings from the environment; every error is reported, not just the first.
 * @param keptSecrets secrets that demo mode made earlier (`secret-file.ts`); production has none.
 */
export function readConfig(
  environment: Environment,
  mode: Mode,
  keptSecrets: Environment = {},
  root = process.cwd(),
): ConfigResult {
  const errors: string[] = [];
  const value = (name: SettingName): unknown => {
    const setting: Setting = settings[name];
    const given = readGiven(name, setting, environment, keptSecrets, errors);
    if (given === undefined && mode === 'production' && (setting.requiredInProduction || setting.secret === true)) {
      errors.push(`${name} is required in production: ${setting.meaning}`);
      return undefined;
    }
    if (given === undefined && setting.secret === true) {
      errors.push(`${name} is missing`);
      return undefined;
    }
    const parsed = setting.schema.safeParse(given ?? setting.defaultText ?? undefined);
    if (parsed.success) return parsed.data;
    errors.push(`${name} ${parsed.error.issues[0]?.message ?? 'is not valid'}`);
    return undefined;
  };
  const values = Object.fromEntries(Object.keys(settings).map((name) => [name, value(name as SettingName)]));
  errors.push(...tykErrors(values), ...signInErrors(values), ...secretErrors(values));
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, config: toConfig(values as ReadValues, mode, root) };
}

function readGiven(
  name: string,
  setting: Setting,
  environment: Environment,
  kept: Environment,
  errors: string[],
): string | undefined {
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

type PortName = 'PORT' | 'VERIFIER_PORT' | 'GATEWAY_PORT';
type OptionalName =
  | 'KEY_PEPPER_PREVIOUS'
  | 'GATEWAY_SECRET_PREVIOUS'
  | 'GATEWAY_SECRETS'
  | 'SECURITY_CONTACT'
  | 'PUBLIC_URL'
  | 'GATEWAY_PUBLIC_URL'
  | 'DATABASE_URL'
  | 'SMTP_URL'
  | 'SECRET_SCANNING_KEYS_FILE'
  | 'METRICS_TOKEN'
  | 'OIDC_ISSUER'
  | 'OIDC_CLIENT_ID'
  | 'OIDC_CLIENT_SECRET'
  | 'GITHUB_CLIENT_ID'
  | 'GITHUB_CLIENT_SECRET'
  | 'TYK_URL'
  | 'TYK_SECRET'
  | 'TYK_ORG_ID';
type ReadValues = Record<
  Exclude<SettingName, PortName | OptionalName | 'LEAKED_KEY_ACTION' | 'EXPOSED_KEY_ACTION' | 'SECOND_STEP_FOR'>,
  string
> &
  Record<PortName, number> &
  Record<'LEAKED_KEY_ACTION', Config['leakedKeyAction']> &
  Record<'SECOND_STEP_FOR', SecondStepFor> &
  Record<'EXPOSED_KEY_ACTION', Config['exposedKeyAction']> &
  Partial<Record<OptionalName, string>>;

function toConfig(read: ReadValues, mode: Mode, root: string): Config {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(root, path));
  const dataDir = absolute(read.DATA_DIR);
  const databaseUrl = read.DATABASE_URL ?? `sqlite:${join(dataDir, 'portal.sqlite')}`;
  const bytes = (secretText: string): Uint8Array => new TextEncoder().encode(secretText);
  return {
    mode,
    publicUrl: new URL(read.PUBLIC_URL ?? `http://${hostInUrl(read.HOST)}:${read.PORT}`).origin,
    host: read.HOST,
    port: read.PORT,
    verifierHost: read.VERIFIER_HOST,
    verifierPort: read.VERIFIER_PORT,
    verifierWorkers: Number(read.VERIFIER_WORKERS),
    gatewayHost: read.GATEWAY_HOST,
    gatewayPort: read.GATEWAY_PORT,
    gatewayPublicUrl: new URL(read.GATEWAY_PUBLIC_URL ?? `http://${hostInUrl(read.GATEWAY_HOST)}:${read.GATEWAY_PORT}`)
      .origin,
    dataDir,
    readOnlyFolder: standsInFor(dataDir),
    contentDir: absolute(read.CONTENT_DIR),
    databaseUrl,
    usageDatabaseUrl: databaseUrl.startsWith('sqlite:') ? `sqlite:${join(dataDir, 'usage.sqlite')}` : databaseUrl,
    upstreams: new Map(listed(read.UPSTREAMS).map((entry) => splitPair(entry))),
    trustedProxies: listed(read.TRUSTED_PROXIES),
    smtpUrl: read.SMTP_URL ?? null,
    mailFrom: read.MAIL_FROM,
    keyPrefix: read.KEY_PREFIX,
    ...publishingConfig(read),
    keyPepper: bytes(read.KEY_PEPPER),
    keyPepperPrevious: read.KEY_PEPPER_PREVIOUS === undefined ? null : bytes(read.KEY_PEPPER_PREVIOUS),
    sessionSecret: bytes(read.SESSION_SECRET),
    gatewaySecret: read.GATEWAY_SECRET,
    gatewaySecretPrevious: read.GATEWAY_SECRET_PREVIOUS ?? null,
    gatewaySecrets: new Map(listed(read.GATEWAY_SECRETS ?? '').map((entry) => splitPair(entry))),
    keyReminderDays: listed(read.KEY_REMINDER_DAYS).map(Number),
    quotaMailPercents: listed(read.QUOTA_MAIL_PERCENTS).map(Number),
    quotaOwnerMailPercents: listed(read.QUOTA_OWNER_MAIL_PERCENTS).map(Number),
    leakedKeyAction: read.LEAKED_KEY_ACTION,
    exposedKeyAction: read.EXPOSED_KEY_ACTION,
    keyDormantDays: read.KEY_DORMANT_DAYS === '0' ? null : Number(read.KEY_DORMANT_DAYS),
    secretScanningKeysFile:
      read.SECRET_SCANNING_KEYS_FILE === undefined ? null : absolute(read.SECRET_SCANNING_KEYS_FILE),
    securityContact: read.SECURITY_CONTACT ?? null,
    noticeReview: read.NOTICE_REVIEW === 'yes',
    webhookAllowPrivate: read.WEBHOOK_ALLOW_PRIVATE === 'yes',
    webhookPorts: listed(read.WEBHOOK_PORTS).map(Number),
    signIn: signInConfig(read),
    tyk: tykConfig(read),
    usageKeptDays: { hours: Number(read.USAGE_HOURS_KEPT_DAYS), days: Number(read.USAGE_DAYS_KEPT_DAYS) },
    metricsToken: read.METRICS_TOKEN ?? null,
    logLevel: read.LOG_LEVEL,
  };
}

/** An address to listen on, as people can type it: "every address" is reached as localhost. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
