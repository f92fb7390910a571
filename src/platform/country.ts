import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { type CountryResponse, Reader } from 'mmdb-lib';

import { reachOfAddress } from './address-reach.ts';
import { parseIpAddress } from './ip-address.ts';

/** ISO 3166-1 code of the country in which an address is registered; null for private addresses and unknown ones. */
export type FindCountry = (address: string) => string | null;

const FILE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/**
 * From a list of the registries that comes with the program (8 MB, CC0), read when it is first asked: nobody else learns of
 * the address. A VPN, or a provider that works in many countries, shows its own.
 */
export function createCountryFinder(): FindCountry {
  let reader: Reader<CountryResponse> | null = null;
  return (address) => {
    const parsed = parseIpAddress(address);
    // The list has entries for some of those that are nobody's.
    if (parsed === null || reachOfAddress(parsed.text) !== 'public') return null;
    reader ??= new Reader(readFileSync(fileURLToPath(import.meta.resolve(FILE))));
    // The list has one field, and not those of the library's makers.
    const found = reader.get(parsed.text) as { country_code?: string } | null;
    return found?.country_code ?? null;
  };
}
