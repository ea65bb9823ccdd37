import { z } from 'zod';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';

const text = z.string();
const fields = z.custom<Readonly<Record<string, Json>>>(isJsonObject);

/** What a flow remembers from its beginning to its end, as JSON. */
const schema = z.object({
  connector: text,
  /** Major of the connector; absent in a flow of before. */
  major: z.exactOptional(z.int()),
  name: text,
  /** Id and version of the app registration. */
  app: text,
  version: text,
  /** Version of the registration as it is configured; absent: the same. */
  registration: z.optional(text),
  /** The server said that its answers name it. */
  requiresIssuer: z.optional(z.boolean()),
  redirectUri: text,
  issuer: z.nullable(text),
  returnTo: text,
  scopes: z.array(text),
  settings: fields,
  metadata: z.nullable(fields),
  /** Absent: as the connection is confined already. */
  confinedTo: z.exactOptional(z.nullable(z.record(z.string(), z.array(text).readonly()))),
  /** The sealed {@link FlowSecret}. */
  sealed: text,
});

/** What a flow remembers from its beginning to its end. */
export type FlowDetail = z.infer<typeof schema>;

const secretSchema = z.object({ verifier: z.nullable(text), nonce: z.nullable(text), code: z.nullable(text) });

/** What of it is secret. */
export type FlowSecret = z.infer<typeof secretSchema>;

/** Reads a stored flow. Throws `internal` for what this version did not write. */
export const parseFlowDetail = (value: string): FlowDetail => parse(schema, value);

/** Reads the secret part of a flow. */
export const parseFlowSecret = (value: string): FlowSecret => parse(secretSchema, value);

function parse<Parsed>(shape: z.ZodType<Parsed>, value: string): Parsed {
  const parsed = shape.safeParse(parseJson(value));
  if (parsed.success) return parsed.data;
  throw new PatchbayError({ code: 'internal', message: 'A stored flow is not one that this version wrote. Begin again.' });
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // The cause would quote what may be secret.
    return undefined;
  }
}
