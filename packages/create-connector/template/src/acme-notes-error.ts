import type { ProviderAnswer, ProviderFault } from '@patchbay/core';
import { z } from 'zod';

const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What the service's own error codes mean. Whatever is not named here goes by the status. */
export function acmeNotesError({ body }: ProviderAnswer): ProviderFault | undefined {
  const { error } = failure.safeParse(body).data ?? {};
  if (error?.code !== 'notebook_locked') return undefined;
  return { code: 'provider_conflict', message: error.message, retryable: true, providerCode: error.code };
}
