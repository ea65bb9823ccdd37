import type { z } from 'zod';
import { plainWords } from '../errors/plain-words.ts';

/** Most faults that one error names. */
const mostFaults = 5;

/** What a value lacks to have a shape, each fault with its place. */
export function shapeFaults({ issues }: z.ZodError, placeOf: (path: readonly PropertyKey[]) => readonly PropertyKey[]): string {
  const faults = issues.slice(0, mostFaults).map(({ path, message }) => {
    const at = placeOf(path).join('.');
    return `${at === '' ? '(root)' : at}: ${plainWords(message)}`;
  });
  return faults.join('; ');
}
