import { z } from 'zod';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';

/** Longest cursor as JSON text, characters. */
const longestCursor = 16_384;

/** Most events of one look. */
const mostEvents = 1_000;

const shape = z.object({
  events: z
    .array(
      z.object({
        id: z.string().min(1).max(200),
        data: z.json(),
        subject: z.string().optional(),
        time: z.number().optional(),
      }),
    )
    .max(mostEvents),
  cursor: z.json(),
  more: z.boolean().optional(),
});

/** What a look found, as far as it is what looks give. */
export type ReadPollAnswer = z.infer<typeof shape> & { readonly cursor: Json };

/** Reads what the connector's code gave. Throws `internal` for what is no answer: the fault is its author's. */
export function readPollAnswer(given: unknown, what: string): ReadPollAnswer {
  const parsed = shape.safeParse(given);
  if (!parsed.success) throw wrong(what, 'gives no { events, cursor }, or events without an id and JSON data');
  if (JSON.stringify(parsed.data.cursor).length > longestCursor)
    throw wrong(what, `gives a cursor of more than ${longestCursor} characters`);
  return parsed.data;
}

const wrong = (what: string, fault: string): PatchbayError =>
  new PatchbayError({ code: 'internal', message: `The polling of ${what} ${fault}. Report it to its author.` });
