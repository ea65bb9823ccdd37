import type { IngestItem, IngestVerdict } from '@patchbay/core/adapter';
import { waitedFor } from '../storage-error.ts';
import { revisionUnder } from './ingest-statement.ts';

/** Stores a batch, all or nothing, and waits so many milliseconds for a lock. */
export type RunBatch = (items: readonly IngestItem[], waitMs: number) => Promise<readonly IngestVerdict[]>;

/**
 * First wait for what somebody else holds, milliseconds. Two processes that are handed the same delivery meet within a commit; what lasts longer
 * is a transaction that stays open, and the neighbours of its key are not to wait for that.
 */
const firstWaitMs = 100;

/** Wait of each part of a batch that has met such a transaction, milliseconds: it has been waited for. */
const nextWaitMs = 10;

interface Placed {
  readonly item: IngestItem;
  readonly index: number;
}

const halves = (placed: readonly Placed[]): readonly (readonly Placed[])[] => {
  const middle = placed.length >> 1;
  return [placed.slice(0, middle), placed.slice(middle)];
};

/** By whose configuration they stand under: a writer that holds one tenant's up holds up all its items and nobody else's. */
function byConfiguration(placed: readonly Placed[]): readonly (readonly Placed[])[] {
  const groups = Map.groupBy(placed, ({ item }) => (revisionUnder(item) === undefined ? null : item.tenant));
  return [...groups.values()];
}

/** The parts to go on with; none where all of it is held up. */
function partsOf(placed: readonly Placed[], held: 'configuration' | 'row'): readonly (readonly Placed[])[] {
  const parts = held === 'configuration' ? byConfiguration(placed) : halves(placed);
  return parts.length > 1 && placed.length > 1 ? parts : [];
}

/**
 * Stores a batch around what transactions that stay open hold: where it meets one, it goes on in parts until those that are held up stand
 * alone. They are `busy`, the others are stored. Each run is all or nothing, so nothing is done twice.
 */
export async function aroundHeld(items: readonly IngestItem[], run: RunBatch): Promise<readonly IngestVerdict[]> {
  const verdicts: IngestVerdict[] = [];
  const store = async (placed: readonly Placed[], waitMs: number): Promise<void> => {
    let held: ReturnType<typeof waitedFor>;
    try {
      const results = await run(
        placed.map(({ item }) => item),
        waitMs,
      );
      for (const [place, { index }] of placed.entries()) verdicts[index] = results[place] ?? { status: 'busy' };
      return;
    } catch (error) {
      held = waitedFor(error);
      if (held === null) throw error;
    }
    const parts = partsOf(placed, held);
    if (parts.length === 0) for (const { index } of placed) verdicts[index] = { status: 'busy' };
    for (const part of parts) await store(part, nextWaitMs);
  };
  await store(
    items.map((item, index) => ({ item, index })),
    firstWaitMs,
  );
  return verdicts;
}
