import type { JournalEntry } from '../contracts/journal-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { type LoggedRequest, readLoggedRequest, requestStream } from '../gateway/request-log/logged-request.ts';
import { checkWindow, type TimeWindow } from './check-window.ts';
import { connectionRow } from './connection-row.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** A request to a service, as the log has it. */
export interface RequestEntry extends LoggedRequest {
  readonly id: string;
  /** Connection's id. */
  readonly connection: string;
  /** When it ended, milliseconds since 1970. */
  readonly at: number;
}

/** Which requests; every field narrows. */
export interface RequestFilter extends TimeWindow {
  /** A connection's name or id. @default all */
  readonly connection?: string;
  /** Only those that were answered with this status. */
  readonly status?: number;
  /** Only those that no answer came to, by the code of the error: `timeout`, `rate_limited`. Not together with a status. */
  readonly code?: string;
}

/** What was asked of services in the tenant's name. */
export interface RequestsApi {
  /** Newest first. A request can be found within about a second. Throws `not_found` for a connection that there is not. */
  list(filter?: RequestFilter & ListOptions): Promise<Page<RequestEntry>>;
}

/** The requests part of a tenant's handle. */
export function requestsApi(scope: TenantScope): RequestsApi {
  return { list: (filter = {}) => listRequests(scope, filter) };
}

/** A page of the log. */
export async function listRequests(scope: TenantScope, filter: RequestFilter & ListOptions): Promise<Page<RequestEntry>> {
  const { tenant, storage } = scope;
  await scope.ready();
  const { from, to, connection } = filter;
  const request = pageRequest(filter);
  checkWindow(filter);
  const verdict = verdictIn(filter);
  const subject = connection === undefined ? undefined : (await connectionRow(scope, connection)).id;
  const page = await storage.journal.page(tenant, {
    stream: requestStream,
    ...request,
    ...(subject === undefined ? {} : { subject }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { below: to }),
  });
  return { items: page.entries.map(toEntry), cursor: page.cursor };
}

function toEntry({ id, subject, at, value }: JournalEntry): RequestEntry {
  return { id, connection: subject, at, ...readLoggedRequest(value) };
}

function verdictIn({ status, code }: RequestFilter): string | undefined {
  if (status !== undefined && code !== undefined) throw malformed('A request has a status or no answer. Pass a status or a code.');
  if (status !== undefined && !(Number.isInteger(status) && status >= 100 && status <= 999))
    throw malformed('A status is a whole number from 100 to 999.');
  if (code !== undefined && !(typeof code === 'string' && /^[a-z_]{1,60}$/.test(code)))
    throw malformed('A code is one of an error, such as timeout.');
  return status === undefined ? code : String(status);
}

function malformed(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
