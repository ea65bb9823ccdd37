import { z } from 'zod';
import type { Json } from '../../json/json.ts';

const shape = z.object({
  /** Of which sync: another one for each time that it is switched on. */
  sync: z.string(),
  /** Counts reads. */
  sequence: z.number(),
  /** The read with which the last reading from the beginning began, and when. */
  begun: z.number(),
  begunAt: z.number(),
  /** That reading has come to the end of what there is. */
  isWhole: z.boolean(),
  /** What is read; empty: all. */
  containers: z.array(z.string()),
  cursor: z.json(),
  /** Until when a read that is under way may put documents; `null`: none is. */
  readingUntil: z.number().nullable(),
  /** Documents that are gone, and when that was heard: a read that began before must not bring them back. */
  gone: z.array(z.object({ id: z.string(), at: z.number() })),
  failures: z.number(),
  error: z.object({ code: z.string(), message: z.string(), at: z.number() }).nullable(),
  /** When a page was last taken. */
  readAt: z.number().nullable(),
  /** When the cursor last came to be another one. */
  movedAt: z.number().nullable(),
  /** It is to be read from the beginning. */
  isAgain: z.boolean(),
  /** What is in the index must not be there any more, and goes before anything else. */
  isToClear: z.boolean(),
  /** The sync has ended, and its documents are being taken out. */
  isEnding: z.boolean(),
});

/** How far the reads of a place are. It is there for as long as the index may hold documents of the place. */
export type ContentState = Omit<z.infer<typeof shape>, 'cursor'> & { readonly cursor: Json };

/** Before the first read. */
export const freshContent = (sync: string): ContentState => ({
  sync,
  sequence: 0,
  begun: 0,
  begunAt: 0,
  isWhole: false,
  containers: [],
  cursor: null,
  readingUntil: null,
  gone: [],
  failures: 0,
  error: null,
  readAt: null,
  movedAt: null,
  isAgain: true,
  isToClear: false,
  isEnding: false,
});

/** A stored state; `null` for none, and for what is none. */
export function readContentState(value: Json | undefined): ContentState | null {
  const parsed = shape.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Milliseconds for which a document that is gone is kept out, whatever reads still give: services take a while until their lists know. */
const goneMs = 600_000;

/** Most ids that are kept out at once. */
export const mostGone = 2_000;

/** Those of which a read could still bring something back. */
export const stillGone = ({ gone }: Pick<ContentState, 'gone'>, now: number): ContentState['gone'] =>
  gone.filter(({ at }) => now - at < goneMs);

/**
 * The state after some documents are gone. Where they are too many to be kept out one by one, the place is read from the beginning, which takes out
 * whatever has come back.
 */
export function withGone(state: ContentState, ids: readonly string[], now: number): ContentState {
  const fresh = new Set(ids);
  const gone = [...stillGone(state, now).filter(({ id }) => !fresh.has(id)), ...[...fresh].map((id) => ({ id, at: now }))];
  return gone.length <= mostGone ? { ...state, gone } : { ...state, gone: gone.slice(-mostGone), isAgain: true };
}
