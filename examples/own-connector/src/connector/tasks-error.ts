import type { ProviderAnswer, ProviderFault } from '@patchbay/core';
import { z } from 'zod';

const failure = z.object({ error: z.object({ code: z.string(), message: z.string(), retry_after_ms: z.number().optional() }) });

/** What the service's own error codes mean. Whatever is not named here goes by the status. */
export function tasksError({ body }: ProviderAnswer): ProviderFault | undefined {
  const { error } = failure.safeParse(body).data ?? {};
  // Somebody sorts the list at this moment. Nothing was done, and soon it can be.
  if (error?.code !== 'list_locked') return undefined;
  return {
    code: 'provider_conflict',
    message: error.message,
    retryable: true,
    providerCode: error.code,
    sent: 'no',
    ...(error.retry_after_ms === undefined ? {} : { retryAfterMs: error.retry_after_ms }),
  };
}
