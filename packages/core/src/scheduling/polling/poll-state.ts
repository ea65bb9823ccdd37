import { z } from 'zod';
import type { Json } from '../../json/json.ts';

const shape = z.object({
  cursor: z.json(),
  /** The first look has come to the end of what was there. */
  hasBegun: z.boolean(),
  failures: z.number(),
});

/** How far the looks of a polling trigger are. */
export type PollState = z.infer<typeof shape>;

/** Before the first look. */
export const freshPoll: PollState = { cursor: null, hasBegun: false, failures: 0 };

/** A stored state; a fresh one for none, and for what is none. */
export function readPollState(value: Json | undefined): PollState {
  const parsed = shape.safeParse(value);
  return parsed.success ? parsed.data : freshPoll;
}
