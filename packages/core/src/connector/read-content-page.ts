import { z } from 'zod';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';

/** Most documents of one read, and most ids of documents that are gone. */
const mostDocuments = 500;
const mostDeleted = 5_000;
/** Longest cursor as JSON text, characters. */
const longestCursor = 16_384;
/** Longest text of a document, bytes of UTF-8, and longest title, characters. */
const longestText = 262_144;
const longestTitle = 1_000;
const mostAttributes = 50;

const id = z.string().min(1).max(200);

const document = z.object({
  id,
  kind: z.string().min(1).max(64),
  title: z.string().transform((text) => text.slice(0, longestTitle).toWellFormed()),
  text: z.string().transform(cutText),
  url: z.union([z.url({ protocol: /^https?$/ }), z.null()]),
  updatedAt: z.number().nonnegative().transform(Math.round),
  container: z.union([z.string().min(1).max(300), z.null()]),
  author: z.string().max(300).optional(),
  attributes: z
    .record(z.string().min(1).max(64), z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]))
    .refine((attributes) => Object.keys(attributes).length <= mostAttributes)
    .optional(),
});

const shape = z.object({
  documents: z.array(document).max(mostDocuments),
  deleted: z.array(id).max(mostDeleted).optional(),
  cursor: z.json(),
  more: z.boolean().optional(),
});

/** A document, checked and cut. */
export type ReadContentDocument = z.infer<typeof document>;

/** What a read gave, as far as it is what reads give. */
export interface ReadContentPage {
  readonly documents: readonly ReadContentDocument[];
  readonly deleted: readonly string[];
  readonly cursor: Json;
  readonly more: boolean;
}

/** Reads what the connector's code gave. Of a document that is named as gone too, only that stays. Throws `internal` for what is no page: the fault is its author's. */
export function readContentPage(given: unknown, what: string): ReadContentPage {
  const parsed = shape.safeParse(given);
  if (!parsed.success) throw wrong(what, `gives no { documents, cursor }: ${placesOf(parsed.error)}`);
  const { documents, deleted = [], cursor, more = false } = parsed.data;
  if (JSON.stringify(cursor).length > longestCursor) throw wrong(what, `gives a cursor of more than ${longestCursor} characters`);
  if (new Set(documents.map((each) => each.id)).size !== documents.length) throw wrong(what, 'gives a document twice in one read');
  const gone = new Set(deleted);
  return { documents: documents.filter((each) => !gone.has(each.id)), deleted: [...gone], cursor, more };
}

/** Where the faults are; what stands there is the service's, and is not repeated. */
function placesOf({ issues }: z.ZodError): string {
  const places = issues.map(({ path }) => path.filter((part) => typeof part === 'string').join('.') || 'all of it');
  return `see ${[...new Set(places)].slice(0, 5).join(', ')}`;
}

/** The first 256 KiB of a text, without half of a character at its end. */
function cutText(text: string): string {
  const whole = text.toWellFormed();
  if (whole.length * 3 <= longestText || Buffer.byteLength(whole) <= longestText) return whole;
  return new TextDecoder('utf-8').decode(Buffer.from(whole).subarray(0, longestText)).replace(/\uFFFD+$/, '');
}

const wrong = (what: string, fault: string): PatchbayError =>
  new PatchbayError({ code: 'internal', message: `The content of ${what} ${fault}. Report it to the connector's author.` });
