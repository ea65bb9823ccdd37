import { z } from 'zod';
import type { NewDispatch } from '../../contracts/dispatch-records.ts';
import type { RegistrationRecord } from '../../contracts/webhook-records.ts';

/** What takes registrations away at their providers. */
export const removalHandler = 'webhook-removal';

const schema = z.object({
  connection: z.string(),
  registration: z.string(),
  url: z.string(),
  target: z.string().nullable(),
  /** The provider's own id; `null` where its list must tell. */
  providerId: z.string().nullable(),
});

/** The input of a removal, as it stands in the ledger. */
export type RemovalInput = z.infer<typeof schema>;

/** Reads the input of a removal. Throws for what this version did not write. */
export const parseRemoval = (input: string | null): RemovalInput => schema.parse(JSON.parse(input ?? 'null'));

/** A registration that has ended here. */
export interface EndedRegistration {
  readonly tenant: string;
  /** Id of the dispatch's root. */
  readonly root: string;
  readonly id: string;
  readonly url: string;
  readonly value: RegistrationRecord;
}

/** The dispatch that takes a registration away at its provider; `null` for one that a person has set up there. */
export function removalDispatch({ tenant, root, id, url, value }: EndedRegistration): NewDispatch | null {
  if (value.subscription === undefined) return null;
  const { target, providerId } = value.subscription;
  return {
    key: { tenant, root, target: removalHandler, replay: 0, path: removalHandler },
    handler: removalHandler,
    lane: `${removalHandler}:${value.connection}`,
    workClass: 'live',
    operation: 'remove',
    connection: null,
    input: JSON.stringify({ connection: value.connection, registration: id, url, target, providerId } satisfies RemovalInput),
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}
