/**
 * Collects what arrives in one turn of the event loop and hands it over together when the turn ends. Under load that is
 * dozens of calls, which then share one question to the database and are written while the reader at the other end is
 * awake; alone, a call waits for nothing but the end of its turn. Whatever `handle` asks is asked after every item of
 * the batch has arrived, so that no answer is older than its question.
 */
export function createBatch<Item>(handle: (items: readonly Item[]) => void): (item: Item) => void {
  let items: Item[] = [];
  const hand = (): void => {
    const batch = items;
    items = [];
    handle(batch);
  };
  return (item) => {
    if (items.push(item) === 1) setImmediate(hand);
  };
}
