import type { BatchAnswer } from '../../connector/batch-declaration.ts';
import type { AnyDefinition } from '../../connector/connector-definition.ts';
import type { Schema } from '../../connector/schema.ts';
import type { Parsed } from '../call-service.ts';
import type { RawRequest } from '../raw-request.ts';

/** What sending several reads needs. */
export interface BatchParts {
  readonly definition: AnyDefinition;
  /** Milliseconds since 1970: a wait may be told as a date. */
  readonly now: () => number;
  call<S extends Schema>(request: RawRequest, response: S): Promise<Parsed<S>>;
}

/** An answer or an error, whichever type its schema has. */
export type AnyAnswer = BatchAnswer<unknown>;
