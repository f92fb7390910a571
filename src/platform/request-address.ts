import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The client address of the request that is being answered, for the audit log alone. It is no argument of the use
 * cases, because nothing may depend on it: what decides by address gets the address as its own argument.
 */
const addresses = new AsyncLocalStorage<string>();

/** @param address '' when it cannot be known */
export function withRequestAddress<Result>(address: string, work: () => Promise<Result>): Promise<Result> {
  return addresses.run(address, work);
}

/** null outside of any request, as in jobs, and when it is not known. */
export function requestAddress(): string | null {
  const address = addresses.getStore();
  return address === undefined || address === '' ? null : address;
}
