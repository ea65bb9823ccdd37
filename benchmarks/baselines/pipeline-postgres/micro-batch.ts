/** Collects what comes in during a turn of the event loop, at most `most` items, and sends it in one go; two batches are under way at once. */
export function microBatch<Item, Result>(most: number, send: (items: readonly Item[]) => Promise<readonly Result[]>) {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
  }
  let waiting: Waiting[] = [];
  let underWay = 0;
  let scheduled = false;
  const flush = async (batch: readonly Waiting[]): Promise<void> => {
    underWay += 1;
    const results = await send(batch.map(({ item }) => item));
    for (const [place, { resolve }] of batch.entries()) {
      const result = results[place];
      if (result === undefined) throw new Error('A batch was answered with too few results.');
      resolve(result);
    }
    underWay -= 1;
    schedule();
  };
  const schedule = (): void => {
    if (scheduled || underWay >= 2 || waiting.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      // A batch that fails is an unhandled rejection on purpose: it ends this process, and the benchmark with it.
      void flush(batch);
      schedule();
    });
  };
  return (item: Item): Promise<Result> =>
    new Promise((resolve) => {
      waiting.push({ item, resolve });
      schedule();
    });
}
