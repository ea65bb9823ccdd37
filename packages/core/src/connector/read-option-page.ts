import { z } from 'zod';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

/** Most options of one page. */
const mostOptions = 200;
/** Longest cursor as JSON text, characters. */
const longestCursor = 4_096;
/** A vendor's text may break a pair where it was cut, and no store takes half of one. */
const cut = (longest: number) =>
  z.string().transform((text) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text).toWellFormed());

const shape = z.object({
  options: z
    .array(
      z.object({
        value: z.union([z.string().min(1).max(1_000), z.number()]),
        label: cut(200),
        description: cut(500).optional(),
        resource: z.string().optional(),
      }),
    )
    .max(mostOptions),
  cursor: z.json().optional(),
});

/** A page of choices as far as it is one. */
export type ReadOptionPage = Omit<z.infer<typeof shape>, 'cursor'> & { readonly cursor: Json };

/** Reads what the connector's code gave; `null` for the cursor at the end. Throws `internal` for what is no page: the fault is its author's. */
export function readOptionPage(given: unknown, what: string): ReadOptionPage {
  const parsed = shape.safeParse(given);
  if (!parsed.success) throw wrong(what, `give no { options, cursor } of at most ${mostOptions} options with a value and a label`);
  const { options, cursor = null } = parsed.data;
  if (JSON.stringify(cursor).length > longestCursor) throw wrong(what, `give a cursor of more than ${longestCursor} characters`);
  return { options, cursor };
}

const wrong = (what: string, fault: string): PatchbayError =>
  new PatchbayError({ code: 'internal', message: `The options of ${what} ${fault}. Report it to the connector's author.` });
