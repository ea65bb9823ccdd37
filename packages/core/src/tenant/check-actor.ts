import type { AuditActor } from '../contracts/audit-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isName } from './check-text.ts';

/** Who acts through a handle: a person of the host's app, a part of the host's program, an operator. */
export interface TenantActor extends AuditActor {
  readonly kind: 'host' | 'user' | 'operator';
}

const kinds: ReadonlySet<unknown> = new Set<TenantActor['kind']>(['host', 'user', 'operator']);

/** Throws `invalid_argument` for who cannot be named in a record. */
export function checkActor({ kind, id }: TenantActor): TenantActor {
  if (kinds.has(kind) && isName(id)) return { kind, id };
  throw new PatchbayError({
    code: 'invalid_argument',
    message: "An actor is { kind: 'host', 'user' or 'operator', id } with an id of 1 to 200 characters without control characters.",
  });
}
