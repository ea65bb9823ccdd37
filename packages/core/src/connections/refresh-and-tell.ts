import { toErrorRecord } from '../errors/error-record.ts';
import { type Renewal, refreshGrant } from './refresh-grant.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';

/** Renews a grant as {@link refreshGrant} does, and gives notice of what became of it. */
export async function refreshAndTell(options: RefreshOptions, renewal: Renewal): Promise<Grant | null> {
  const { tenant, grant } = renewal;
  const { id, value } = grant.connection;
  const told = () => ({ tenant, connectionId: id, connectorId: value.connector, at: options.clock.now() });
  try {
    const renewed = await refreshGrant(options, renewal);
    const hasAnother = renewed !== null && renewed.connection.value.secretVersion !== value.secretVersion;
    if (hasAnother) options.notify('connection.token_renewed', told());
    if (renewed === null) options.notify('connection.renewal_failed', { ...told(), code: 'authentication_failed', isOver: true });
    return renewed;
  } catch (error) {
    options.notify('connection.renewal_failed', { ...told(), code: toErrorRecord(error).code, isOver: false });
    throw error;
  }
}
