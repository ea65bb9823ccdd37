import { runWithin } from '../../bounds/run-within.ts';
import type { Work } from '../../contracts/executor.ts';
import { type HeldContent, readHeld, writeHeld } from './claim-content.ts';
import { type ContentParts, indexMs } from './content-parts.ts';
import type { ContentState } from './content-state.ts';

/** Calls the index within its time; what was thrown is the host's own. */
export function callIndex(
  { clock }: Pick<ContentParts, 'clock'>,
  work: Pick<Work, 'signal' | 'deadline'>,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  return runWithin({ clock, timeoutMs: indexMs, signal: work.signal, what: 'The search index', deadline: () => work.deadline }, call);
}

/**
 * Writes what a claimed read has come to. What was said to be gone meanwhile is taken out of the index first, for the read may just have put it there.
 * `null`: the claim is not ours any more, and nothing was written.
 */
export async function settleContent(
  parts: Pick<ContentParts, 'storage' | 'index' | 'clock'>,
  { held, work }: { readonly held: HeldContent; readonly work: Pick<Work, 'signal' | 'deadline'> },
  change: (state: ContentState) => ContentState,
): Promise<HeldContent | null> {
  for (let known = held; ; ) {
    const written = await writeHeld(parts, known, change(known.state));
    if (written) return written;
    const current = await stillOurs(parts, held);
    if (!current) return null;
    await deleteGoneSince(parts, work, { before: known, now: current });
    known = current;
  }
}

/** The state as it is now, where the claim still holds. */
export async function stillOurs(parts: Pick<ContentParts, 'storage'>, { place, state }: HeldContent): Promise<HeldContent | null> {
  const current = await readHeld(parts, place);
  const holds = current?.state.sync === state.sync && current.state.sequence === state.sequence && !current.state.isEnding;
  return holds ? current : null;
}

async function deleteGoneSince(
  parts: Pick<ContentParts, 'index' | 'clock'>,
  work: Pick<Work, 'signal' | 'deadline'>,
  { before, now }: { readonly before: HeldContent; readonly now: HeldContent },
): Promise<void> {
  const known = new Set(before.state.gone.map(({ id, at }) => `${at}:${id}`));
  const ids = now.state.gone.filter(({ id, at }) => !known.has(`${at}:${id}`)).map(({ id }) => id);
  if (ids.length > 0) await callIndex(parts, work, (signal) => parts.index.delete({ ...now.place, ids, signal }));
}
