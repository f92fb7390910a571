import { parseHTML } from 'linkedom';

/** A page as a browser without JavaScript sees it. */
export interface Page {
  status: number;
  headers: Headers;
  location: string | null;
  html: string;
  text(selector: string): string | null;
  all(selector: string): Element[];
}

/** One browser: keeps cookies, follows nothing, sends forms as browsers do. */
export interface Visitor {
  get(path: string): Promise<Page>;
  post(path: string, fields?: Readonly<Record<string, string>> | URLSearchParams): Promise<Page>;
  cookies: Map<string, string>;
}

export function createVisitor(portalUrl: string): Visitor {
  const cookies = new Map<string, string>();
  const ask = async (path: string, options: RequestInit): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', origin: portalUrl, ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(new URL(path, portalUrl), { ...options, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    return toPage(response, await response.text());
  };
  return {
    get: (path) => ask(path, {}),
    post: (path, fields = {}) => ask(path, { method: 'POST', body: new URLSearchParams(fields) }),
    cookies,
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
  else cookies.set(name, value);
}

function toPage(response: Response, html: string): Page {
  const { document } = parseHTML(html === '' ? '<!doctype html><html></html>' : html);
  return {
    status: response.status,
    headers: response.headers,
    location: response.headers.get('location'),
    html,
    text: (selector) => document.querySelector(selector)?.textContent.replaceAll(/\s+/g, ' ').trim() ?? null,
    all: (selector) => [...document.querySelectorAll(selector)],
  };
}

export const PASSWORD = 'seven quiet harbours at dusk';

let people = 0;

/** A new account, signed in; its e-mail address is not confirmed yet. */
export async function signedInVisitor(portalUrl: string): Promise<Visitor & { email: string }> {
  const visitor = createVisitor(portalUrl);
  const email = `person-${(people += 1)}@example.com`;
  await visitor.post('/sign-up', { email, password: PASSWORD });
  const page = await visitor.post('/sign-in', { email, password: PASSWORD });
  if (page.location !== '/home') throw new Error(`signing in gave ${page.status}: ${page.text('main') ?? ''}`);
  return { ...visitor, email };
}

/** The portal's first owner, signed in; there can be one only. */
export async function ownerVisitor(
  { portalUrl, firstOwnerUrl }: { portalUrl: string; firstOwnerUrl: string },
  email = 'owner@provider.example',
): Promise<Visitor> {
  const owner = createVisitor(portalUrl);
  const token = new URL(firstOwnerUrl).searchParams.get('token') ?? '';
  const page = await owner.post('/first-owner', { token, email, password: PASSWORD });
  if (page.location === null) throw new Error(`the first owner gave ${page.status}: ${page.text('main') ?? ''}`);
  return owner;
}

/** Path of a new application of this person. */
export async function newApplication(person: Visitor, name = 'Web shop'): Promise<string> {
  const page = await person.post('/applications', { name, description: '' });
  if (page.status !== 303) throw new Error(`creating an application gave ${page.status}`);
  return page.location ?? '';
}

/** The answer to the form for a new key of the application at `path`; `fields` replace what the form has. */
export async function issueKey(
  person: Visitor,
  path: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const form = await person.get(`${path}/keys/new`);
  const requestId = form.all('[name=requestId]')[0]?.getAttribute('value') ?? '';
  const filledIn = { name: 'Build', environment: 'test', expiry: '90', allowlist: '', requestId };
  return person.post(`${path}/keys`, { ...filledIn, ...fields });
}

/** The token that a page reveals. */
export function tokenIn(page: Page): string | null {
  return page.text('#token');
}

/** Path of the key that a page reveals. */
export function keyPathIn(page: Page): string {
  const action = page.all('.reveal form')[0]?.getAttribute('action') ?? '';
  return action.replace(/\/confirmation$/, '');
}
