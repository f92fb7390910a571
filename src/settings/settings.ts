import { z } from 'zod';

import { parseCidr } from '../platform/ip-address.ts';
import { keySettings } from './key-settings.ts';
import { operationsSettings } from './operations-settings.ts';
import { publishingSettings } from './publishing-settings.ts';
import { listed } from './listed.ts';
import { secretSettings } from './secret-settings.ts';
import { signInSettings } from './sign-in-settings.ts';
import { tykSettings } from './tyk-settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Setting {
  meaning: string;
  /** As written in the environment; null where there is none. */
  defaultText: string | null;
  schema: z.ZodType;
  /** A secret may also be given as NAME_FILE; demo and development make and keep a random one unless it is optional. */
  secret?: true | 'optional';
  requiredInProduction?: true;
}

const port = z.coerce
  .number('must be a port number')
  .int()
  .min(0, 'must be 0 to 65535')
  .max(65535, 'must be 0 to 65535');
const host = z.string().regex(/^[A-Za-z0-9.:-]+$/, 'must be a host name or an IP address');
const text = z.string().min(1, 'must not be empty');
const httpUrl = z
  .url({
    protocol: /^https?$/,
    error: 'must be an http or https URL, such as https://developers.example.com',
    abort: true,
  })
  .refine(
    (value) => new URL(value).href === `${new URL(value).origin}/`,
    'must have no path, query, fragment or account',
  );

const UPSTREAM = /^[a-z0-9-]{1,40}=https?:\/\/[A-Za-z0-9.:[\]-]{1,200}$/;

const percents = z
  .string()
  .refine(
    (value) => listed(value).every((entry) => ['50', '80', '90', '100'].includes(entry)),
    'must be some of 50, 80, 90 and 100 with commas between them',
  );

/** Every setting, once: name, meaning, default and check. The settings guide is made from this table. */
export const settings = {
  PUBLIC_URL: {
    meaning: 'Address under which people reach the portal. All absolute links are made from it, never from a request.',
    defaultText: null,
    schema: httpUrl.optional(),
    requiredInProduction: true,
  },
  HOST: { meaning: 'Address the portal listens on.', defaultText: '127.0.0.1', schema: host },
  PORT: { meaning: 'Port the portal listens on.', defaultText: '4321', schema: port },
  VERIFIER_HOST: {
    meaning: 'Address the verifier listens on. Keep it private to your gateways.',
    defaultText: '127.0.0.1',
    schema: host,
  },
  VERIFIER_PORT: { meaning: 'Port on which gateways ask the verifier.', defaultText: '4322', schema: port },
  VERIFIER_WORKERS: {
    meaning:
      'Threads of the verifier that answer calls, up to 16; they count together. More than one needs Linux or FreeBSD.',
    defaultText: '1',
    schema: z.string().regex(/^([1-9]|1[0-6])$/, 'must be a whole number from 1 to 16'),
  },
  GATEWAY_HOST: { meaning: 'Address the built-in gateway listens on.', defaultText: '127.0.0.1', schema: host },
  GATEWAY_PORT: { meaning: 'Port of the built-in gateway.', defaultText: '8080', schema: port },
  GATEWAY_PUBLIC_URL: {
    meaning:
      'Address under which consumers call the APIs; shown in documentation and used by "Try it out". Default: the built-in gateway.',
    defaultText: null,
    schema: httpUrl.optional(),
  },
  DATA_DIR: {
    meaning: 'Folder of the databases and, without SMTP_URL, of the outgoing mails.',
    defaultText: 'db/data',
    schema: text,
  },
  CONTENT_DIR: { meaning: 'Folder of OpenAPI documents, notices and guides.', defaultText: 'content', schema: text },
  DATABASE_URL: {
    meaning: 'Database of the portal: sqlite:<path> or postgres://... Default: portal.sqlite in DATA_DIR.',
    defaultText: null,
    schema: z
      .string()
      .regex(/^(sqlite:|postgres(ql)?:\/\/)/, 'must start with sqlite: or postgres://')
      .optional(),
  },
  UPSTREAMS: {
    meaning:
      'Where APIs run here, if elsewhere than their api.yaml says: comma-separated <api>=<origin>, such as parcels=http://10.0.0.5:8000.',
    defaultText: '',
    schema: z.string().refine((value) => listed(value).every((entry) => UPSTREAM.test(entry)), {
      error: 'must be pairs such as parcels=http://10.0.0.5:8000, separated by commas',
    }),
  },
  TRUSTED_PROXIES: {
    meaning: "Comma-separated addresses or CIDR ranges of proxies whose X-Forwarded-For is believed. Empty: nobody's.",
    defaultText: '',
    schema: z.string().refine((value) => listed(value).every((entry) => parseCidr(entry) !== null), {
      error: (issue) =>
        `has an entry that is neither an IP address nor a CIDR range: ${listed(String(issue.input)).find((entry) => !parseCidr(entry)) ?? ''}`,
    }),
  },
  SMTP_URL: {
    meaning: 'Mail server, such as smtps://name:password@mail.example.com. Unset: mails are kept in DATA_DIR.',
    defaultText: null,
    schema: z
      .string()
      .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
      .optional(),
  },
  MAIL_FROM: {
    meaning: 'Sender of all mails.',
    defaultText: 'gatehouse@localhost',
    schema: z.string().regex(/^[^\s@,<>"]+@[^\s@,<>"]+$/, 'must be one plain address'),
  },
  KEY_PREFIX: {
    meaning:
      'First part of every API key; letters and digits. Choose one that is yours, so that secret scanners can find your keys.',
    defaultText: 'gth',
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9]{1,9}$/, 'must be 2 to 10 lower-case letters or digits, the first a letter'),
  },
  ...secretSettings,
  KEY_REMINDER_DAYS: {
    meaning:
      'Days before a key expires or is to be rotated on which its team is reminded by mail. Empty: only when it has come.',
    defaultText: '30,14,7,1',
    schema: z
      .string()
      .refine(
        (value) => listed(value).every((entry) => /^[1-9]\d{0,2}$/.test(entry)),
        'must be numbers from 1 to 999 with commas between them',
      ),
  },
  QUOTA_MAIL_PERCENTS: {
    meaning:
      'Shares of a quota, in percent, at which the team of an application is told by mail: some of 50, 80, 90 and 100. Webhooks and pages tell of all of them.',
    defaultText: '50,80,90,100',
    schema: percents,
  },
  QUOTA_OWNER_MAIL_PERCENTS: {
    meaning: 'The same for the mails to owners, who get them for all applications. Empty: none.',
    defaultText: '90,100',
    schema: percents,
  },
  ...keySettings,
  SECRET_SCANNING_KEYS_FILE: {
    meaning:
      "File with the public keys of a secret scanner, as GitHub's /meta/public_keys/secret_scanning gives them. Unset: reports of scanners are refused.",
    defaultText: null,
    schema: text.optional(),
  },
  SECURITY_CONTACT: {
    meaning:
      'Where people report weaknesses, for /.well-known/security.txt: mailto:security@example.com, or an https page. Unset: the form /security/report.',
    defaultText: null,
    schema: z
      .string()
      .regex(/^(mailto:[^\s@,<>"]+@[^\s@,<>"]+|https:\/\/[^\s]+)$/, 'must start with mailto: or https://')
      .optional(),
  },
  ...signInSettings,
  ...tykSettings,
  NOTICE_REVIEW: {
    meaning:
      'With yes, a notice written in the portal, and a correction of it, is published only after a second owner has approved it. It needs two owners.',
    defaultText: 'no',
    schema: z.enum(['yes', 'no'], 'must be yes or no'),
  },
  WEBHOOK_ALLOW_PRIVATE: {
    meaning:
      'For development: yes lets webhooks call http URLs, every port, and addresses of this machine and its networks.',
    defaultText: 'no',
    schema: z.enum(['yes', 'no'], 'must be yes or no'),
  },
  WEBHOOK_PORTS: {
    meaning: 'Comma-separated ports that webhooks may call beside 443.',
    defaultText: '',
    schema: z
      .string()
      .refine(
        (value) => listed(value).every((entry) => /^[1-9]\d{0,4}$/.test(entry) && Number(entry) <= 65535),
        'must be port numbers with commas between them',
      ),
  },
  ...publishingSettings,
  ...operationsSettings,
  LOG_LEVEL: {
    meaning: 'Least severe log lines to write: debug, info, warn, error or silent.',
    defaultText: 'warn',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent'),
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** The settings that are secrets. */
export const secretNames: readonly SettingName[] = (Object.keys(settings) as SettingName[]).filter(
  (name) => (settings[name] as Setting).secret === true,
);
