import type { Retention } from '@patchbay/core/adapter';
import type { DatabaseThread } from '../thread/database-thread.ts';
import { firstRoot, type Root } from './old-roots.ts';

/** Batches of one turn, about half a million events; what is left is for the next. */
const mostBatches = 5_000;

/** Takes away what is past retention, batch by batch: each is a call of its own, and others come in between. */
export async function maintainFile({ call }: Pick<DatabaseThread, 'call'>, retention: Required<Retention>): Promise<void> {
  let after: Root | null = firstRoot;
  for (let batch = 0; batch < mostBatches; batch += 1) {
    const { after: next, done }: Awaited<ReturnType<typeof retireNext>> = await retireNext(call, retention, after);
    if (done) return;
    after = next;
  }
}

const retireNext = (call: DatabaseThread['call'], retention: Required<Retention>, after: Root | null) =>
  call('retire', { ...retention, after });
