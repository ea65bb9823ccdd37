import { type ConnectorHttp, isPatchbayError, type RequestPath } from '@patchbay/core';
import { z } from 'zod';

/** Deletes what stands at a path; false where it is not there (any more), which a repeat finds too. */
export async function deleteOnce(http: ConnectorHttp, target: RequestPath, query: Readonly<Record<string, string>> = {}): Promise<boolean> {
  try {
    await http.delete(target, { query, response: z.unknown() });
    return true;
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'provider_not_found') return false;
    throw error;
  }
}
