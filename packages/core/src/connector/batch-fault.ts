import type { BatchDeclaration } from './batch-declaration.ts';

/** What is wrong with how a connector batches, in words; `undefined` where nothing is. */
export function batchFault(batch: BatchDeclaration | undefined): string | undefined {
  if (batch === undefined) return undefined;
  const { combine, maximum, split } = batch;
  if (!(Number.isSafeInteger(maximum) && maximum >= 2 && maximum <= 1_000))
    return 'the maximum of its batch must be a whole number from 2 to 1,000';
  return typeof combine === 'function' && typeof split === 'function' ? undefined : 'its batch must have the functions combine and split';
}
