import { runWithin } from '../bounds/run-within.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { AskProvider } from '../webhooks/inbound/provider-call.ts';
import { connectionRow } from './connection-row.ts';
import { isRenewed, openConnection } from './open-connection.ts';
import type { TenantScope } from './tenant-services.ts';

/** What is asked, for the error, and milliseconds for it, however many requests it takes. */
export interface Question {
  readonly what: string;
  readonly timeoutMs: number;
}

/**
 * Asks a provider through a connection; where the access token is refused, it is renewed and asked once more: nothing has happened then.
 * @default of a registration, with 30 seconds
 */
export function askProvider(
  scope: TenantScope,
  connection: Row<'connection'>,
  { what, timeoutMs }: Question = { what: `The registration at ${connection.value.connector}`, timeoutMs: 30_000 },
): AskProvider {
  return async (ask) => {
    const attempt = async (
      row: Row<'connection'>,
    ): Promise<{ readonly answer: Awaited<ReturnType<typeof ask>> } | { readonly refused: unknown; readonly used: number }> => {
      const bounds = { clock: scope.clock, timeoutMs, signal: new AbortController().signal, what };
      let used = row.value.secretVersion;
      try {
        const answer = await runWithin(bounds, async (signal) => {
          const session = await openConnection(scope, row, { author: 'connector', signal, timeoutMs });
          used = session.secretVersion;
          return ask({ http: session.http, settings: session.settings, signal });
        });
        return { answer };
      } catch (error) {
        if (isPatchbayError(error) && error.code === 'authentication_failed') return { refused: error, used };
        throw error;
      }
    };
    const first = await attempt(connection);
    if ('answer' in first) return first.answer;
    if (!(await isRenewed(scope, connection, first.used))) throw first.refused;
    const second = await attempt(await connectionRow(scope, connection.id));
    if ('answer' in second) return second.answer;
    throw second.refused;
  };
}
