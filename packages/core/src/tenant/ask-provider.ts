import { runWithin } from '../bounds/run-within.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { AskProvider } from '../webhooks/inbound/provider-call.ts';
import { connectionRow } from './connection-row.ts';
import { isRenewed, openConnection } from './open-connection.ts';
import type { TenantScope } from './tenant-services.ts';

/** Milliseconds for one question, however many requests it takes. */
const timeoutMs = 30_000;

/** Asks a provider through a connection; where the access token is refused, it is renewed and asked once more: nothing has happened then. */
export function askProvider(scope: TenantScope, connection: Row<'connection'>): AskProvider {
  return async (ask) => {
    const attempt = async (
      row: Row<'connection'>,
    ): Promise<{ readonly answer: Awaited<ReturnType<typeof ask>> } | { readonly refused: unknown; readonly used: number }> => {
      const bounds = {
        clock: scope.clock,
        timeoutMs,
        signal: new AbortController().signal,
        what: `The registration at ${row.value.connector}`,
      };
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
