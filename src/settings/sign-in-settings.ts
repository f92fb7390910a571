import { z } from 'zod';

/** Who has to have a second step after the password. */
export type SecondStepFor = 'nobody' | 'owners' | 'everybody';

/** How people sign in with an account that they have elsewhere. */
export interface ProviderConfig {
  clientId: string;
  clientSecret: string;
  /** As people know it. */
  name: string;
  /** OpenID Connect: the issuer. GitHub: the origin of its pages. */
  url: string;
}

export interface SignInConfig {
  secondStepFor: SecondStepFor;
  oidc: ProviderConfig | null;
  github: ProviderConfig | null;
}

/** The settings as they were read, each checked by itself. */
export interface SignInValues {
  SECOND_STEP_FOR: SecondStepFor;
  OIDC_ISSUER?: string;
  OIDC_CLIENT_ID?: string;
  OIDC_CLIENT_SECRET?: string;
  OIDC_NAME: string;
  GITHUB_CLIENT_ID?: string;
  GITHUB_CLIENT_SECRET?: string;
  GITHUB_URL: string;
}

/** Whoever can change what a provider answers can sign in as anybody: http is for this very machine only. */
const providerUrl = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null) return false;
  if ([url.search, url.hash, url.username, url.password].some((part) => part !== '')) return false;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere);
};
const providerUrlText = 'must be an https URL without query, fragment or account';
const given = z.string().min(1, 'must not be empty').max(500, 'is too long');

/** A part of the table of all settings. */
export const signInSettings = {
  SECOND_STEP_FOR: {
    meaning:
      'Who has to have a second step after the password: nobody, owners or everybody. Until they have set one up, their session opens nothing else. Everybody may have one.',
    defaultText: 'nobody',
    schema: z.enum(['nobody', 'owners', 'everybody'], 'must be nobody, owners or everybody'),
  },
  OIDC_ISSUER: {
    meaning:
      'Issuer of an OpenID Connect provider whose people may sign in, such as https://id.example.com/realms/staff. It must say of an address only what it has checked (email_verified). Redirect URI to register there: PUBLIC_URL/sign-in/with/oidc/callback. Unset: there is none.',
    defaultText: null,
    schema: z.string().refine(providerUrl, providerUrlText).optional(),
  },
  OIDC_CLIENT_ID: {
    meaning: 'Client ID that the provider gave to this portal.',
    defaultText: null,
    schema: given.optional(),
  },
  OIDC_CLIENT_SECRET: {
    meaning: 'Client secret there, sent as HTTP Basic (client_secret_basic).',
    defaultText: null,
    schema: given.optional(),
    secret: 'optional',
  },
  OIDC_NAME: {
    meaning: 'What people know the provider by, for the button: "Continue with ...".',
    defaultText: 'single sign-on',
    schema: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} .&'-]{0,39}$/u, 'must be 1 to 40 letters, digits or blanks'),
  },
  GITHUB_CLIENT_ID: {
    meaning:
      'Client ID of an OAuth app at GitHub whose people may sign in. Callback URL to register there: PUBLIC_URL/sign-in/with/github/callback. Unset: there is none.',
    defaultText: null,
    schema: given.optional(),
  },
  GITHUB_CLIENT_SECRET: {
    meaning: 'Client secret of that app at GitHub.',
    defaultText: null,
    schema: given.optional(),
    secret: 'optional',
  },
  GITHUB_URL: {
    meaning: 'Where GitHub is; for GitHub Enterprise Server its own origin.',
    defaultText: 'https://github.com',
    schema: z
      .string()
      .refine(
        (text) => providerUrl(text) && URL.parse(text)?.pathname === '/',
        `${providerUrlText}, and without a path`,
      ),
  },
} as const;

/** What is wrong with the settings together. */
export function signInErrors(read: Partial<SignInValues>): string[] {
  const missing = (when: keyof SignInValues, needed: readonly (keyof SignInValues)[]): string[] =>
    read[when] === undefined
      ? []
      : needed.filter((name) => read[name] === undefined).map((name) => `${name} is required when ${when} is set`);
  return [
    ...missing('OIDC_ISSUER', ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']),
    ...missing('GITHUB_CLIENT_ID', ['GITHUB_CLIENT_SECRET']),
  ];
}

export function signInConfig(read: SignInValues): SignInConfig {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: oidcId, OIDC_CLIENT_SECRET: oidcSecret } = read;
  const { GITHUB_CLIENT_ID: githubId, GITHUB_CLIENT_SECRET: githubSecret } = read;
  return {
    secondStepFor: read.SECOND_STEP_FOR,
    oidc:
      issuer === undefined || oidcId === undefined || oidcSecret === undefined
        ? null
        : { clientId: oidcId, clientSecret: oidcSecret, name: read.OIDC_NAME, url: issuer },
    github:
      githubId === undefined || githubSecret === undefined
        ? null
        : { clientId: githubId, clientSecret: githubSecret, name: 'GitHub', url: new URL(read.GITHUB_URL).origin },
  };
}
