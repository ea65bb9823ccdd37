import type { ReadContentPage } from '../../connector/read-content-page.ts';
import type { Work } from '../../contracts/executor.ts';
import { type HeldContent, readingMs } from './claim-content.ts';
import type { ContentParts } from './content-parts.ts';
import { type ContentState, stillGone } from './content-state.ts';
import { callIndex, settleContent, stillOurs } from './settle-content.ts';

/** A page that is taken. */
export interface TakenPage {
  readonly held: HeldContent;
  readonly work: Pick<Work, 'signal' | 'deadline'>;
  readonly page: ReadContentPage;
  /** Another page is read at once under the same claim. */
  readonly goesOn: boolean;
}

/** Gives a page to the index, and moves the cursor once the index has it. `null`: the claim is not ours any more. */
export async function takeContentPage(
  parts: Pick<ContentParts, 'storage' | 'index' | 'clock'>,
  { held, work, page, goesOn }: TakenPage,
): Promise<HeldContent | null> {
  const { index } = parts;
  // What was said to be gone while the service was asked is known here, before anything is put.
  const current = await stillOurs(parts, held);
  if (!current) return null;
  const { place, state } = current;
  const now = await parts.storage.now();
  const gone = new Map(stillGone(state, now).map(({ id, at }) => [id, at]));
  const documents = page.documents.filter(({ id, updatedAt }) => updatedAt > (gone.get(id) ?? Number.NEGATIVE_INFINITY));
  const back = new Set(documents.map(({ id }) => id));
  const ids = [...new Set([...page.deleted, ...gone.keys()])].filter((id) => !back.has(id));
  const { sequence, begun } = state;
  if (documents.length > 0) await callIndex(parts, work, (signal) => index.put({ ...place, sequence, documents, signal }));
  if (ids.length > 0) await callIndex(parts, work, (signal) => index.delete({ ...place, ids, signal }));
  const isWhole = state.isWhole || !page.more;
  if (isWhole && !state.isWhole) await callIndex(parts, work, (signal) => index.deleteOthers({ ...place, sequence: begun, signal }));
  return settleContent(parts, { held: current, work }, (latest): ContentState => {
    const hasMoved = JSON.stringify(latest.cursor) !== JSON.stringify(page.cursor);
    return {
      ...latest,
      cursor: page.cursor,
      isWhole,
      gone: stillGone(latest, now).filter(({ id }) => !back.has(id)),
      readAt: now,
      movedAt: hasMoved || latest.movedAt === null ? now : latest.movedAt,
      readingUntil: goesOn ? now + readingMs : null,
      failures: 0,
      error: null,
    };
  });
}
