import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { ChannelRoom } from './alert-parts.ts';

/**
 * When a channel was used within the window, the oldest first. What is further ahead than a window was written by a clock that was wrong, here or in another
 * process: believed, it would keep every alert back until that time has come.
 */
export function usedSince(value: Json | undefined, { count, windowMs }: ChannelRoom, now: number): readonly number[] {
  const used: readonly Json[] = isJsonObject(value) && Array.isArray(value['used']) ? value['used'] : [];
  return used
    .filter((at) => typeof at === 'number')
    .filter((at) => at > now - windowMs && at <= now + windowMs)
    .slice(-count);
}
