import { createHash } from 'node:crypto';
import { canonicalJson } from '../json/canonical-json.ts';

/** SHA-256 over the canonical text of a value, base64url: tells whether the same key came with other data. */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}
