import { isPatchbayError } from '@patchbay/core';

/** What a call gives, or `undefined` where Slack answered it with one of these errors, such as that it is so already. */
export async function unlessTold<Result>(call: Promise<Result>, codes: readonly string[]): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isPatchbayError(error) && codes.some((code) => code === error.details['providerCode'])) return undefined;
    throw error;
  }
}
