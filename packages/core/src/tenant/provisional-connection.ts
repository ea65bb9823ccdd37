import type { Connector } from '../connector/connector-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { Json } from '../json/json.ts';

/** A connection as it would be, with which a service is asked. It is never stored. */
export function provisionalConnection(given: {
  readonly id: string;
  readonly connector: Connector;
  readonly settings: Readonly<Record<string, Json>>;
  readonly now: number;
}): Row<'connection'> {
  const { id, connector, settings, now } = given;
  const value = {
    connector: connector.id,
    name: '',
    status: 'initializing',
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings,
    metadata: {},
    secretVersion: 0,
    connectedAt: now,
  } as const;
  return { id, name: '', version: 0, value, updatedAt: now };
}
