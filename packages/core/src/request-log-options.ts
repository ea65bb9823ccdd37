import { PatchbayError } from './errors/patchbay-error.ts';

/** What is kept of the requests to services. */
export interface RequestLogOptions {
  /** Whether there is a log at all. @default true */
  readonly enabled?: boolean;
  /** Share of the requests that went well which are kept, 0 to 1; those that failed are all kept. @default 1 */
  readonly successShare?: number;
  /** Days that a request is kept, 1 to 36,500. A plan's `requestDays` comes first. @default 14 */
  readonly retentionDays?: number;
}

/** The wishes with every default filled in. */
export type ResolvedRequestLog = Required<RequestLogOptions>;

const longestDays = 36_500;

/** Fills in the defaults. Throws `invalid_argument` naming what cannot be. */
export function resolveRequestLog(options: RequestLogOptions = {}): ResolvedRequestLog {
  const resolved = { enabled: true, successShare: 1, retentionDays: 14, ...options };
  const unknown = Object.keys(resolved).find((name) => !['enabled', 'successShare', 'retentionDays'].includes(name));
  if (unknown !== undefined) throw invalid(`There is no option requestLog.${unknown.slice(0, 100)}. Leave it out.`);
  const { enabled, successShare, retentionDays } = resolved;
  if (typeof enabled !== 'boolean') throw invalid('The option requestLog.enabled is true or false.');
  if (!(typeof successShare === 'number' && successShare >= 0 && successShare <= 1))
    throw invalid('The option requestLog.successShare is a number from 0 to 1.');
  if (!(Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= longestDays))
    throw invalid(`The option requestLog.retentionDays is a whole number from 1 to ${longestDays}.`);
  return resolved;
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
