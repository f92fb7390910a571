/** Most links of one list, about a screen of them: a navigation of hundreds costs more than the page it stands beside. */
const MOST = 24;

/** All items when they are few, else those around the current one, or the first ones. */
export function neighbours<T>(items: readonly T[], isCurrent: (item: T) => boolean): readonly T[] {
  if (items.length <= MOST) return items;
  const start = Math.max(0, Math.min(items.findIndex(isCurrent) - MOST / 2, items.length - MOST));
  return items.slice(start, start + MOST);
}
