import { type BeginConnectInput, type BegunConnect, beginConnect } from '../connections/begin-connect.ts';
import type { Connection } from '../connections/connection.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { changeConnection } from './change-connection.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewConnection } from './view-connections.ts';

/** What a person is told. */
export interface ReconnectRequest {
  /** Why the account is to be connected again, for the person; 1 to 500 characters without control characters. */
  readonly message: string;
  /** Begins to connect it at once for this person, where its connector uses OAuth. @default the host begins when the person does */
  readonly connect?: Pick<BeginConnectInput, 'hostUser' | 'returnTo' | 'actions' | 'scopes' | 'parameters'>;
}

/** A connection that is to be connected again. */
export interface ReconnectAsked {
  readonly connection: Connection;
  /** Where to send the person; `null` where nothing was begun, or its connector uses no OAuth: then the host asks for a credential. */
  readonly connect: BegunConnect | null;
}

const plain = /^[^\p{Cc}\p{Cs}]{1,500}$/u;

/**
 * Marks a connection so that the host can show that it is to be connected again, until it has another credential. Nothing else changes: what works
 * goes on. Throws as `oauth.beginConnect` does.
 */
export async function askToReconnect(scope: TenantScope, found: Row<'connection'>, request: ReconnectRequest): Promise<ReconnectAsked> {
  const { message } = request;
  if (typeof message !== 'string' || !plain.test(message) || message.trim() === '') throw invalidMessage();
  const { tenant, notify, clock, recorder } = scope;
  const reconnectAsked = { at: Math.floor(clock.now()), message };
  const row = await changeConnection(scope, found.id, (record) => {
    if (record.status === 'disconnected' || record.status === 'initializing') throw notConnected();
    return { ...record, reconnectAsked };
  });
  const { connector: connectorId } = row.value;
  notify('connection.reconnect_asked', {
    ...{ tenant, connectionId: row.id, connectorId, message },
    ...{ by: recorder.actor.kind, at: clock.now() },
  });
  return { connection: await viewConnection(scope, row), connect: await beginAgain(scope, row, request) };
}

async function beginAgain(scope: TenantScope, { value }: Row<'connection'>, { connect }: ReconnectRequest): Promise<BegunConnect | null> {
  const connector = scope.registry.getFor(value);
  if (connect === undefined || !connector.definition.auth.some(({ type }) => type === 'oauth2')) return null;
  const { name, settings, metadata } = value;
  return beginConnect(
    scope.connect,
    { tenant: scope.tenant, connector },
    { ...connect, connector: connector.id, name, settings, metadata },
  );
}

function invalidMessage(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: 'The message is not text of 1 to 500 characters without control characters. Say why the account is to be connected again.',
  });
}

function notConnected(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The connection has ended, or was never connected, so there is nothing to connect again. Connect the account.',
  });
}
