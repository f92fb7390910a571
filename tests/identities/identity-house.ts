import { pino } from 'pino';

import { findSession } from '../../src/sessions/find-session.ts';
import type { DialectName } from '../../src/database/database.ts';
import { type Returned, finishErrand } from '../../src/identities/finish-errand.ts';
import type { IdentityProvider } from '../../src/identities/identity-provider.ts';
import { createIdentityStore } from '../../src/identities/identity-store.ts';
import { type ErrandDeps, startErrand } from '../../src/identities/start-errand.ts';
import { createUsedTicketStore } from '../../src/identities/used-ticket-store.ts';
import { OFFICE, type signedIn } from '../accounts/parts.ts';
import { openHouse } from './house.ts';

export type IdentityHouse = Awaited<ReturnType<typeof openIdentityHouse>>;
export type Session = Awaited<ReturnType<typeof signedIn>>;

export interface Errand {
  provider?: string;
  wanted?: 'sign_in' | 'link';
  next?: string;
  session?: Session | null;
}

/** The parts of accounts and of identities elsewhere, with real providers. */
export async function openIdentityHouse(dialect: DialectName, providers: readonly IdentityProvider[]) {
  const house = await openHouse(dialect);
  const log: ErrandDeps['log'] = pino({ level: 'silent' });
  const deps = {
    ...house,
    providers,
    identities: createIdentityStore(house.database, house.random),
    usedTickets: createUsedTicketStore(house.database),
    log,
  };
  const start = async ({ provider = 'oidc', wanted = 'sign_in', next = '/home', session = null }: Errand = {}) => {
    const started = await startErrand(deps, { provider, wanted, next }, session);
    if (!started.ok) throw new Error(started.reason);
    return started;
  };
  const finish = (returned: Returned, session: Session | null = null) =>
    finishErrand(deps, returned, { signedIn: session, origin: OFFICE, formerSessionToken: session?.token ?? null });
  return {
    ...deps,
    start,
    finish,
    /** All the way: there, through the pages of the provider, and back. */
    async go(through: (url: string) => Promise<URL>, errand: Errand = {}) {
      const { url, ticket } = await start(errand);
      const back = await through(url);
      return finish(
        { provider: errand.provider ?? 'oidc', query: back.search.slice(1), ticket },
        errand.session ?? null,
      );
    },
    async accountOf(result: { ok: boolean; sessionToken?: string }) {
      const session = await findSession(deps, result.sessionToken ?? '');
      if (!session) throw new Error(`not signed in: ${JSON.stringify(result)}`);
      return { ...session, token: result.sessionToken ?? '' };
    },
  };
}
