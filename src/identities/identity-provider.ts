import type { ErrandSecrets } from './errand-ticket.ts';
import type { ProvenIdentity, ProviderId } from './identity.ts';

export interface ProviderRequest extends ErrandSecrets {
  redirectUri: string;
  /** Most seconds since somebody proved there who they are; null when that does not matter. */
  maxAgeSeconds: number | null;
}

/** Where people have an account elsewhere. Both methods throw when the provider fails or answers anything but what was asked. */
export interface IdentityProvider {
  id: ProviderId;
  name: string;
  /** Where to send somebody. */
  authorizationUrl(request: ProviderRequest): Promise<URL>;
  /** @param callback the address with which they came back, under PUBLIC_URL */
  identify(callback: URL, request: ProviderRequest): Promise<ProvenIdentity>;
}

/** Longer than any provider needs, shorter than people wait. */
export const PROVIDER_TIMEOUT_SECONDS = 10;
