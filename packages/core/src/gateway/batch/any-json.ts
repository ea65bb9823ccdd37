import type { Schema } from '../../connector/schema.ts';
import type { Json } from '../../json/json.ts';

/** Takes any body as it is; what it holds was parsed as JSON. */
export const anyJson: Schema<unknown, Json> = {
  '~standard': { version: 1, vendor: 'patchbay', validate: (value) => ({ value: (value ?? null) as Json }) },
};
