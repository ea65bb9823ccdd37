import { contentEndDispatch, contentEndHandler, placeOfEnd } from '../../connections/content-dispatches.ts';
import type { Executor, Outcome, Work } from '../../contracts/executor.ts';
import type { ContentPlace } from '../../contracts/search-index.ts';
import { keeperPolicy } from '../../dispatch/keeper-policy.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { soundError } from '../../errors/sound-error.ts';
import { comeBack, keptNoMore } from '../keeper.ts';
import { readHeld, writeHeld } from './claim-content.ts';
import { againMs, type ContentParts } from './content-parts.ts';
import { switchedOn } from './content-place.ts';
import { sendContent } from './send-content.ts';
import { callIndex } from './settle-content.ts';

/** How often the same is sent by those who only look whether it was: once an hour, for as long as it takes. */
const hourMs = 3_600_000;

/**
 * Has the documents of a place taken out whose sync has ended, unless they are those of a sync that goes on. Sent twice it does no harm; `isMending` sends it once
 * an hour at most.
 */
export async function endContent(
  parts: Pick<ContentParts, 'storage' | 'publisher' | 'cache' | 'generateId'>,
  place: ContentPlace,
  { but, isMending }: { readonly but: string | null; readonly isMending: boolean },
): Promise<void> {
  const held = await readHeld(parts, place);
  if (held === null || held.state.sync === but) return;
  const root = parts.generateId();
  const hour = Math.floor((await parts.storage.now()) / hourMs);
  const dedupe = isMending ? { key: `content-end:${place.connectionId}:${place.source}:${held.version}:${hour}`, hash: null } : null;
  await sendContent(parts, contentEndDispatch(place, root), dedupe);
}

/**
 * Takes the documents out of places whose sync has ended: at once, and again when a read that was under way can put nothing any more. Only then the state goes, so
 * whoever comes after a crash knows that something may be left.
 */
export function createContentEndExecutor(parts: ContentParts): Executor {
  return {
    handler: contentEndHandler,
    policy: () => keeperPolicy,
    async execute(work) {
      try {
        return await end(parts, work);
      } catch (error) {
        return { outcome: 'failed', error: toErrorRecord(soundError(error)), retryable: true };
      }
    },
  };
}

async function end(parts: ContentParts, work: Work): Promise<Outcome> {
  const { dispatch } = work;
  const place = placeOfEnd(dispatch.key.tenant, dispatch.input);
  const on = switchedOn(await parts.cache.current(place.tenant), place);
  const held = await readHeld(parts, place);
  if (held === null) return keptNoMore;
  // Switched on again meanwhile, or connected again: what is there is its own, unless the end has begun.
  if (on?.sync.id === held.state.sync && !held.state.isEnding) return keptNoMore;
  // From here on no read settles, and none begins.
  const ending = held.state.isEnding ? held : await writeHeld(parts, held, { ...held.state, isEnding: true });
  if (ending === null) return comeBack(againMs, 'moved');
  await callIndex(parts, work, (signal) => parts.index.deleteAll({ ...place, signal }));
  const now = await parts.storage.now();
  const { readingUntil } = ending.state;
  if (readingUntil !== null && now < readingUntil) return comeBack(readingUntil - now, 'reading');
  await writeHeld(parts, ending, null);
  // Where somebody has written meanwhile it is looked at again.
  return (await readHeld(parts, place)) === null ? keptNoMore : comeBack(againMs, 'moved');
}
