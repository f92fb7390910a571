import { z } from 'zod';

/** Cursor pagination: a page begins behind the last item of the page before it, whatever came in since. */

export const PAGE_MAX = 100;
const PAGE_DEFAULT = 50;
export const NO_CURSOR = 'This is no cursor of ours: send "nextCursor" of the page before, as it was.';

export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `limit must be a number from 1 to ${PAGE_MAX}.`)
    .transform(Number)
    .refine((limit) => limit <= PAGE_MAX, `limit must be a number from 1 to ${PAGE_MAX}.`)
    .default(PAGE_DEFAULT)
    .meta({ description: `Most items of a page: 1 to ${PAGE_MAX}.`, examples: [String(PAGE_DEFAULT)] }),
  cursor: z
    .string()
    .max(1000, NO_CURSOR)
    .transform((text, context): Position => {
      const position = readCursor(text);
      if (position) return position;
      context.addIssue({ code: 'custom', message: NO_CURSOR });
      return z.NEVER;
    })
    .optional()
    .meta({ description: '`nextCursor` of the page before; the first page without it.' }),
};

/** Where an item stands: its sort value, then its id, both compared as they are. */
export interface Position {
  at: number;
  id: string;
}

export interface Page<Item> {
  items: readonly Item[];
  /** null on the last page. */
  nextCursor: string | null;
}

/** The page after `cursor` of items in whatever order, largest `at` first, then by id. */
export function pageOf<Item>(
  items: readonly Item[],
  positionOf: (item: Item) => Position,
  { limit, cursor }: { limit: number; cursor?: Position | undefined },
): Page<Item> {
  const sorted = items
    .map((item) => ({ item, position: positionOf(item) }))
    .sort((a, b) => compare(a.position, b.position))
    .filter(({ position }) => cursor === undefined || compare(position, cursor) > 0);
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = sorted.length > limit && last ? writeCursor(last.position) : null;
  return { items: page.map(({ item }) => item), nextCursor };
}

function compare(one: Position, other: Position): number {
  if (one.at !== other.at) return other.at - one.at;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

/** The same of a list that the database has cut: `found` has one item more than a page, if there is one. */
export function cut<Item>(found: readonly Item[], limit: number, positionOf: (item: Item) => Position): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? writeCursor(positionOf(last)) : null };
}

function writeCursor({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

const shape = z.tuple([z.int(), z.string().max(700)]);

function readCursor(text: string): Position | null {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return parsed.success ? { at: parsed.data[0], id: parsed.data[1] } : null;
  } catch {
    return null;
  }
}
