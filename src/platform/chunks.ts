/** Rows or ids for one statement: few enough for the limit of parameters of either database. */
export const CHUNK_SIZE = 500;

export function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += CHUNK_SIZE) yield items.slice(start, start + CHUNK_SIZE);
}

/** Reads with one statement after the other, and puts the rows together. */
export async function readInChunks<Item, Row>(
  items: readonly Item[],
  read: (chunk: readonly Item[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const chunk of chunks(items)) rows.push(...(await read(chunk)));
  return rows;
}
