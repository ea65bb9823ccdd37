import type { ProviderFault } from '../../../connector/provider-answer.ts';
import type { GraphqlBody } from './graphql-body.ts';
import { meaningOfCode } from './graphql-codes.ts';

/**
 * What the errors of an answer mean, by the first code that is known. Nothing was executed where there is no `data` at all (GraphQL, section 7.1), and
 * nothing was done where each field that was asked for is refused as a whole; else a mutation may be half done.
 */
export function graphqlFault(body: GraphqlBody): ProviderFault | undefined {
  const { errors, cost, data } = body;
  if (errors.length === 0) return undefined;
  const known = errors.find(({ code }) => meaningOfCode(code) !== undefined);
  const meaning = meaningOfCode(known?.code);
  const providerCode = (known ?? errors.find(({ code }) => code !== undefined))?.code;
  const isRefused = meaning === undefined ? data === undefined : meaning.sent === 'no' && (data === undefined || isWhollyRefused(body));
  const wait = meaning?.code === 'rate_limited' ? restoredAfterMs(cost) : undefined;
  return {
    ...(meaning ?? unknown),
    sent: isRefused ? 'no' : 'maybe',
    ...(providerCode === undefined ? {} : { providerCode }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

const unknown = {
  code: 'provider_error',
  retryable: false,
  message: 'The service answers the query with errors. Look at its code, or map its errors in the connector.',
} as const;

/** Is none of the fields at the top there, and each error about one of them and not about what lies below, which is read after it was done? */
function isWhollyRefused({ data, errors }: GraphqlBody): boolean {
  const fields = typeof data === 'object' && data !== null ? Object.values(data) : [];
  return fields.every((field) => field === null) && errors.every(({ path }) => path.length <= 1);
}

/** Milliseconds until the points that a query needs have come back. */
function restoredAfterMs(cost: GraphqlBody['cost']): number | undefined {
  const { requested, available, restoreRate } = cost ?? {};
  if (requested === undefined || available === undefined || restoreRate === undefined || restoreRate <= 0) return undefined;
  return Math.max(0, Math.ceil(((requested - available) / restoreRate) * 1_000));
}
