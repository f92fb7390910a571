import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { offerPasskeySignIn, signInWithPasskey } from '../../src/passkeys/sign-in-with-passkey.ts';
import { OFFICE } from '../accounts/parts.ts';
import { type House, NOBODY, assertion, openHouse } from '../identities/house.ts';
import type { Authenticator } from './software-authenticator.ts';

const NOT_ACCEPTED = { ok: false, reason: 'not_accepted' };

let house: House;
let ada: Awaited<ReturnType<House['person']>>;
let authenticator: Authenticator;
beforeAll(async () => {
  house = await openHouse();
  ada = await house.person();
  authenticator = house.newAuthenticator();
  await house.register(ada, authenticator);
});
afterAll(() => house.close());

describe('A11: an answer that is not exactly as it was asked for', () => {
  test.each([
    { name: 'of another site', twist: { origin: 'https://developers.example.com.evil.example' } },
    { name: 'of the same host without https', twist: { origin: 'http://developers.example.com' } },
    { name: 'of another port', twist: { origin: 'https://developers.example.com:8443' } },
    { name: 'for another host', twist: { rpId: 'example.com' } },
    { name: 'to another challenge', twist: { challenge: 'AAAA' } },
    { name: 'that was made to be registered', twist: { type: 'webauthn.create' } },
    { name: 'of a payment', twist: { type: 'payment.get' } },
    { name: 'from inside a page of another site', twist: { clientData: { crossOrigin: true } } },
    {
      name: 'from inside a named page of another site',
      twist: { clientData: { crossOrigin: true, topOrigin: 'https://evil.example' } },
    },
    { name: 'without anybody there', twist: { flags: 4 } },
    { name: 'without a look at who is there', twist: { flags: 1 } },
    { name: 'with flags that contradict each other', twist: { flags: 21 } },
  ])('$name signs nobody in', async ({ twist }) => {
    expect(await house.signIn(authenticator, twist)).toEqual(NOT_ACCEPTED);
    expect(await house.signIn(authenticator)).toMatchObject({ ok: true });
  });

  test.each([
    { name: 'of another site', twist: { origin: 'https://evil.example' } },
    { name: 'for another host', twist: { rpId: 'evil.example' } },
    { name: 'that was signed to sign in', twist: { type: 'webauthn.get' } },
    { name: 'from inside a page of another site', twist: { clientData: { crossOrigin: true } } },
    { name: 'without a look at who is there', twist: { flags: 65 } },
    { name: 'with an algorithm that was not asked for', twist: { algorithm: -65_535 } },
    { name: 'with a statement of its maker', twist: { format: 'packed' } },
    { name: 'without a credential', twist: { flags: 5 } },
  ])('$name adds no passkey', async ({ twist }) => {
    expect(await house.register(ada, house.newAuthenticator(), twist)).toEqual(NOT_ACCEPTED);
    expect(await house.passkeys.list(ada.accountId)).toHaveLength(1);
  });

  test('every single changed byte of data or signature signs nobody in', async () => {
    const offer = await offerPasskeySignIn(house, 'sign_in', NOBODY);
    if (!offer.ok) throw new Error(offer.reason);
    const right = JSON.parse(authenticator.sign(offer.options)) as { response: Record<string, string> };
    for (const field of ['authenticatorData', 'signature', 'clientDataJSON']) {
      const bytes = Buffer.from(right.response[field] ?? '', 'base64url');
      // The envelope of a signature (DER) can be written in more ways than one; the numbers in it cannot.
      const first = field === 'signature' ? bytes.length - 30 : 0;
      for (let place = first; place < bytes.length; place += 1) {
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ 1;
        const answer = JSON.stringify({
          ...right,
          response: { ...right.response, [field]: changed.toString('base64url') },
        });
        const request = { ...assertion('sign_in', answer), ticket: offer.ticket };
        const result = await signInWithPasskey(house, request, NOBODY, OFFICE, null);
        expect(result, `${field}, byte ${place}`).toEqual(NOT_ACCEPTED);
      }
    }
  });
});
