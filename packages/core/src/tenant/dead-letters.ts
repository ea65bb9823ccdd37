import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { PageRequest } from '../contracts/history-store.ts';
import { actionOf } from './dispatch-view.ts';
import type { Page } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** A dead dispatch as an operator sees it: no input, no output, no message of a service. */
export interface DeadLetter {
  readonly id: string;
  readonly eventId: string;
  /** Full name of the action; `null` for what is none. */
  readonly action: string | null;
  readonly connection: string | null;
  readonly attempts: number;
  /** Code of the last error. */
  readonly code: string | null;
  /** Milliseconds since 1970. */
  readonly finishedAt: number | null;
}

/** A page of a tenant's dead dispatches, newest first. */
export async function deadLetters({ tenant, storage }: TenantScope, page: PageRequest): Promise<Page<DeadLetter>> {
  const { items, cursor } = await storage.history.dispatches(tenant, { status: 'dead' }, page);
  const letters = items.map((record) => ({
    ...{ id: formatDispatchId(record.key), eventId: record.key.root, action: actionOf(record), connection: record.connection },
    ...{ attempts: record.attempts, code: record.error?.code ?? null, finishedAt: record.finishedAt },
  }));
  return { items: letters, cursor };
}
