/** What an answer says about one limit (draft-ietf-httpapi-ratelimit-headers-10). */
export interface LimitLeft {
  name: string;
  left: number;
  /** null when the policy was not told. */
  limit: number | null;
  resetSeconds: number | null;
}

/** Reads `RateLimit` and `RateLimit-Policy` as the gateway writes them; what is not understood is left out. */
export function readLimits(state: string, policy: string): LimitLeft[] {
  const limits = new Map(itemsOf(policy).map(({ name, parameters }) => [name, parameters.get('q') ?? null]));
  return itemsOf(state).flatMap(({ name, parameters }) => {
    const left = parameters.get('r');
    if (left === undefined) return [];
    return [{ name, left, limit: limits.get(name) ?? null, resetSeconds: parameters.get('t') ?? null }];
  });
}

function itemsOf(field: string): { name: string; parameters: ReadonlyMap<string, number> }[] {
  return [...field.matchAll(/"([^"]{1,100})"((?:;[a-z]{1,10}=\d{1,15})*)/g)].map(([, name = '', rest = '']) => ({
    name,
    parameters: new Map([...rest.matchAll(/;([a-z]+)=(\d+)/g)].map(([, key = '', value]) => [key, Number(value)])),
  }));
}
