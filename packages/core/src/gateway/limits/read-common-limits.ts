import type { RateLimitReading } from '../../connector/provider-answer.ts';
import type { Headers } from './header-values.ts';
import { type LimitHeaders, readHeaderLimit } from './read-header-limit.ts';
import { readPolicyLimits } from './read-policy-limits.ts';

const none: readonly RateLimitReading[] = [];

const families: readonly LimitHeaders[] = ['x-ratelimit-', 'x-rate-limit-', 'ratelimit-'].map((prefix) => ({
  limit: `${prefix}limit`,
  remaining: `${prefix}remaining`,
  used: `${prefix}used`,
  reset: `${prefix}reset`,
}));

/** Limits under the names that many services share. Most answers have none, which costs a few look-ups. */
export function readCommonLimits(headers: Headers): readonly RateLimitReading[] {
  if (headers['ratelimit'] !== undefined) return readPolicyLimits(headers);
  for (const family of families) {
    // A limit alone says nothing of this moment, and a policy alone would have to be held by guessing.
    if (headers[family.remaining ?? ''] === undefined) continue;
    const reading = readHeaderLimit(headers, family);
    if (reading !== undefined) return [reading];
  }
  return none;
}
