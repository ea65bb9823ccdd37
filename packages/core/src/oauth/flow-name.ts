import { createHash } from 'node:crypto';

/** Bytes of a name that nobody can guess. */
export const nameBytes = 32;

/** What stands for a name in the store. */
export const hashOfName = (name: string): string => createHash('sha256').update(name).digest('base64url');
