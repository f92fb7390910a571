import { z } from 'zod';

import type { Limits, OperationLimits, PlanLimits, Quota, RateLimit } from '../plans/plan-limits.ts';
import { isTimeZone } from '../plans/quota-window.ts';

/** The limits of a plan as an `api.yaml` writes them: the short form with one of each, or lists. */

const MOST = 1_000_000_000;
const count = z.int('must be a whole number').min(1, 'must be 1 or more').max(MOST, 'must be 1,000,000,000 at most');
const limitName = z
  .string('must be text')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
  .max(24, 'must be 24 characters at most');
const counts = z.enum(['cost', 'calls'], 'must be cost or calls').default('cost');
const timeZone = z.string('must be text').refine(isTimeZone, 'must be a time zone such as Europe/Berlin, or UTC');

const rateLimit = z
  .strictObject({
    name: limitName.optional(),
    calls: count,
    perSeconds: count.max(86_400, 'must be 86,400 at most'),
    burst: count.optional(),
    counts,
  })
  .transform((limit) => ({ ...limit, burst: limit.burst ?? limit.calls }));

/** `10`, `10 %` or `"10%"`. */
const percent = z
  .union(
    [z.number(), z.string().regex(/^\d{1,4} ?%$/, 'must be a percentage such as 10 %')],
    'must be a percentage such as 10 %',
  )
  .transform((value) => Number(String(value).replace('%', '')))
  .refine((value) => Number.isInteger(value) && value >= 0 && value <= 1000, 'must be 0 % to 1,000 %');

const quota = z
  .strictObject({
    name: limitName.optional(),
    calls: count,
    per: z.enum(['day', 'month'], 'must be day or month'),
    timeZone: timeZone.optional(),
    hard: z.boolean('must be true or false').default(false),
    overrun: percent.default(0),
    counts,
  })
  .refine(({ hard, overrun }) => !hard || overrun === 0, {
    path: ['overrun'],
    error: 'must be left out: a hard quota is never exceeded',
  });

const limits = {
  rateLimits: z.array(rateLimit).max(4, 'must be 4 at most').default([]),
  quotas: z.array(quota).max(4, 'must be 4 at most').default([]),
};
const operation = z.strictObject({
  ...limits,
  cost: z
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(MOST, 'must be 1,000,000,000 at most')
    .optional(),
});

const fields = {
  rateLimit: rateLimit.optional(),
  rateLimits: z.array(rateLimit).max(4, 'must be 4 at most').optional(),
  quota: quota.optional(),
  quotas: z.array(quota).max(4, 'must be 4 at most').optional(),
  /** Of its quotas that name none. */
  timeZone: timeZone.default('UTC'),
  perKey: z.strictObject(limits).default({ rateLimits: [], quotas: [] }),
  operations: z
    .record(z.string().min(1).max(200), operation)
    .refine((given) => Object.keys(given).length <= 200, 'must be 200 operations at most')
    .default({}),
};

type FilePlanLimits = z.infer<z.ZodObject<typeof fields>>;
type FileRateLimit = z.infer<typeof rateLimit>;
type FileQuota = z.infer<typeof quota>;

export const planLimitFields = fields;

/** Reports what the single fields cannot say: which of two forms, and names that are not unique. */
export function checkPlanLimits(plan: FilePlanLimits, context: z.RefinementCtx): void {
  const oneOf = (single: 'rateLimit' | 'quota', list: 'rateLimits' | 'quotas'): void => {
    if (plan[single] !== undefined && plan[list] !== undefined)
      context.addIssue({ code: 'custom', path: [list], message: `must be left out: there is ${single} already` });
    // No limit at all is written as an empty list, so that a forgotten line is no open door.
    if (plan[single] === undefined && plan[list] === undefined)
      context.addIssue({ code: 'custom', path: [single], message: `is missing; a plan without any has ${list}: []` });
  };
  oneOf('rateLimit', 'rateLimits');
  oneOf('quota', 'quotas');
  const taken = new Set<string>();
  checkGroup(planGroup(plan), [], taken, context);
  checkGroup(groupOf(plan.perKey, 'key-'), ['perKey'], taken, context);
  for (const [id, given] of Object.entries(plan.operations))
    checkGroup(groupOf(given, 'operation-'), ['operations', id], new Set(taken), context);
}

interface Group {
  rateLimits: readonly FileRateLimit[];
  quotas: readonly FileQuota[];
  prefix: string;
}

function planGroup({ rateLimit: rate, rateLimits, quota: one, quotas }: FilePlanLimits): Group {
  return { rateLimits: rateLimits ?? (rate ? [rate] : []), quotas: quotas ?? (one ? [one] : []), prefix: '' };
}

function groupOf({ rateLimits, quotas }: Omit<Group, 'prefix'>, prefix: string): Group {
  return { rateLimits, quotas, prefix };
}

/** Limits of one group over the same time would be one counter with two opinions. */
function checkGroup(group: Group, path: readonly string[], taken: Set<string>, context: z.RefinementCtx): void {
  const { rateLimits, quotas } = group;
  const check = (list: 'rateLimits' | 'quotas', names: readonly string[], times: readonly string[]): void => {
    for (const [index, name] of names.entries()) {
      const at = [...path, list, index];
      if (times.indexOf(times[index] ?? '') !== index)
        context.addIssue({ code: 'custom', path: at, message: 'covers the same time as one before it' });
      else if (taken.has(name))
        context.addIssue({ code: 'custom', path: at, message: `needs a name of its own, not ${name}` });
      taken.add(name);
    }
  };
  check(
    'rateLimits',
    rateNames(group),
    rateLimits.map((limit) => `${limit.counts} ${limit.perSeconds}`),
  );
  check(
    'quotas',
    quotaNames(group),
    quotas.map((limit) => `${limit.counts} ${limit.per} ${limit.timeZone ?? ''}`),
  );
}

function rateNames({ rateLimits, prefix }: Group): string[] {
  const isOnly = rateLimits.length === 1;
  return rateLimits.map(({ name, perSeconds }) => name ?? `${prefix}rate${isOnly ? '' : `-${perSeconds}s`}`);
}

function quotaNames({ quotas, prefix }: Group): string[] {
  const isOnly = quotas.length === 1;
  return quotas.map(({ name, per }) => name ?? `${prefix}quota${isOnly ? '' : `-${per}`}`);
}

export function toPlanLimits(plan: FilePlanLimits): PlanLimits {
  const operations = Object.entries(plan.operations).map(([id, given]): [string, OperationLimits] => [
    id,
    { ...toLimits(groupOf(given, 'operation-'), plan.timeZone), cost: given.cost ?? null },
  ]);
  return {
    ...toLimits(planGroup(plan), plan.timeZone),
    perKey: toLimits(groupOf(plan.perKey, 'key-'), plan.timeZone),
    operations: Object.fromEntries(operations),
  };
}

function toLimits(group: Group, zone: string): Limits {
  const [namesOfRates, namesOfQuotas] = [rateNames(group), quotaNames(group)];
  const rateLimits = group.rateLimits.map((limit, index): RateLimit => ({
    name: namesOfRates[index] ?? '',
    calls: limit.calls,
    perSeconds: limit.perSeconds,
    burst: limit.burst,
    counts: limit.counts,
  }));
  const quotas = group.quotas.map((limit, index): Quota => ({
    name: namesOfQuotas[index] ?? '',
    calls: limit.calls,
    per: limit.per,
    timeZone: limit.timeZone ?? zone,
    hard: limit.hard,
    overrunPercent: limit.overrun,
    counts: limit.counts,
  }));
  return { rateLimits, quotas };
}
