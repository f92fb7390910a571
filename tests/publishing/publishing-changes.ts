import type { Actor } from '../../src/accounts/account.ts';
import { discardRevision, publishRevision } from '../../src/publishing/publish-revision.ts';
import { submitDocument } from '../../src/publishing/submit-document.ts';
import { KEY, type Press, documentText } from './press.ts';

export type Change = 'submit' | 'publish' | 'roll back' | 'discard';

/** Each on a version whose revision 2 is published over 1, while 3 waits. */
export async function makeChange(change: Change, press: Press, actor: Actor): Promise<{ ok: boolean }> {
  const decision = { ...KEY, allowsBreaking: true, note: '' };
  switch (change) {
    case 'submit': {
      const bytes = new TextEncoder().encode(documentText('2.3.0', ['/parcels', '/offers']));
      return submitDocument(press, actor, { ...KEY, bytes, origin: 'pushed', note: '' });
    }
    case 'publish':
      return publishRevision(press, actor, { ...decision, number: 3, basis: 2 });
    case 'roll back':
      return publishRevision(press, actor, { ...decision, number: 1, basis: 2 });
    case 'discard':
      return discardRevision(press, actor, { ...KEY, number: 3 });
  }
}
