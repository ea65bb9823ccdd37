import { isPatchbayError } from '../errors/patchbay-error.ts';

/** One thing that could not be started, and why; the others went on. */
export interface Refusal {
  /** The event's or dispatch's id. */
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

/**
 * What became of things that were tried at the same time: each result, or what refused it for good. What may pass is thrown, once all have
 * ended: whoever calls again goes on from there.
 */
export async function eachOrRefusal<Item extends { readonly id: string }, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly (Result | { readonly refused: Refusal })[]> {
  const ended = await Promise.allSettled(items.map(act));
  return ended.map((end, index) => {
    if (end.status === 'fulfilled') return end.value;
    const error: unknown = end.reason;
    const id = items[index]?.id;
    if (id === undefined || !isPatchbayError(error) || error.retryable) throw error;
    return { refused: { id, code: error.code, message: error.message } };
  });
}
