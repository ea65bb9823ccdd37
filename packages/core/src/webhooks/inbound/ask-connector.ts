import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';

/** Asks a connector's code about a delivery. What it throws of its own, whose text could quote the delivery, becomes an error of the hub. */
export async function askConnector<Answer>(connector: string, ask: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (isPatchbayError(error)) throw error;
    throw new PatchbayError({
      code: 'internal',
      message: `The connector ${connector} could not read a delivery. ${toErrorRecord(error).message} Report it to its author.`,
    });
  }
}
