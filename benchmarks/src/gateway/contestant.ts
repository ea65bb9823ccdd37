/** Something that asks the service for its things and reads the JSON of the answer. */
export interface Contestant {
  /** One request. Answers how many items the service has sent; throws for any other answer than a good one. */
  ask(): Promise<number>;
  close(): Promise<void>;
}

/** What every contestant is given. */
export interface ContestantSettings {
  readonly origin: string;
  /** Connections that it may open. */
  readonly connections: number;
}

/** The token that each contestant's requests carry. */
export const token = 'a-token-of-the-benchmarks-0123456789';

/** Path of the things. */
export const thingsPath = '/projects/benchmarks/things';

/** Reads how many items an answer holds, so that nobody saves the parsing. */
export function countItems(body: unknown): number {
  if (typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items))
    throw new Error('The answer is another one.');
  return body.items.length;
}
