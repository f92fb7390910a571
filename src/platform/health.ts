/**
 * `ok`: everything works. `degraded`: it answers, but somebody should look (the reasons say at what). `unavailable`:
 * it cannot do its work.
 */
export interface Health {
  status: 'ok' | 'degraded' | 'unavailable';
  version: string;
  /** Newest migration. */
  schema: string;
  reasons: readonly string[];
}

/** A part that is looked at: `isFatal` when nothing works without it. */
export interface HealthCheck {
  reason: string;
  isFatal: boolean;
  /** Resolves to false, or rejects, when it does not work. */
  isFine: () => boolean | Promise<boolean>;
}

export async function readHealth(
  checks: readonly HealthCheck[],
  about: { version: string; schema: string },
): Promise<Health> {
  return healthOf(await brokenChecks(checks), about);
}

/** Those that do not work. */
export async function brokenChecks(checks: readonly HealthCheck[]): Promise<HealthCheck[]> {
  const broken: HealthCheck[] = [];
  for (const check of checks) if (!(await isFine(check))) broken.push(check);
  return broken;
}

/** @param broken what does not work; twice the same is once */
export function healthOf(
  broken: readonly Omit<HealthCheck, 'isFine'>[],
  about: { version: string; schema: string },
): Health {
  const isDead = broken.some(({ isFatal }) => isFatal);
  const status = isDead ? 'unavailable' : broken.length > 0 ? 'degraded' : 'ok';
  return { status, ...about, reasons: [...new Set(broken.map(({ reason }) => reason))] };
}

async function isFine(check: HealthCheck): Promise<boolean> {
  try {
    return await check.isFine();
  } catch {
    return false;
  }
}

/** The status of the answer: a load balancer keeps what is degraded. */
export function healthStatus({ status }: Health): 200 | 503 {
  return status === 'unavailable' ? 503 : 200;
}
