import type { ExternalAccount } from '../connector/iconnector.ts';
import type { ConnectionCheck, ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import type { ConnectionInput, ConnectionPlace } from './connection-input.ts';
import { withDueAt } from './due-at.ts';
import { isAnnounced } from './holds-place.ts';
import { movedFromOf } from './moved-from-of.ts';

/** What the making of a record needs. */
export interface RecordOptions {
  readonly now: () => number;
  /** Days before the end of a credential at which somebody is reminded. */
  readonly remindDays: readonly number[];
  /** What a look at the service with the credential has shown. @default nobody looked */
  readonly looked?: { readonly check: ConnectionCheck; readonly account: ExternalAccount | null };
}

/** What else is known of a connection that is put. */
export interface PutRecord {
  readonly name: string;
  /** Of the connector that it is put with. */
  readonly major: number;
  readonly settings: Readonly<Record<string, Json>>;
  readonly existing: Row<'connection'> | null;
  /** Whether the credential is the one that it has. */
  readonly keeps: boolean;
  /** What the host says, or the service when it gave a token for this very credential: without it each put of the same would be a change. */
  readonly told: readonly string[] | undefined;
  readonly grant: ConnectionPlace['grant'];
}

/** The record of a connection as it is put. */
export function recordOf(options: RecordOptions, input: ConnectionInput, given: PutRecord): ConnectionRecord {
  const { name, major, settings, existing, keeps, told, grant } = given;
  const now = options.now();
  // Who has begun and not finished has said nothing of what another puts.
  const before = existing && !isAnnounced(existing.value) ? existing.value : undefined;
  // Of a permission that was given just now nobody knows yet whether it is for the account before.
  const known = grant === undefined ? existing : null;
  const account = input.externalAccount?.id ?? known?.value.externalAccountId ?? options.looked?.account?.id ?? null;
  const isOver = input.expiresAt !== undefined && input.expiresAt <= now;
  const { status, ...why } = statusOf(grant?.awaitsSite === true, isOver);
  const goesOn = before !== undefined && (before.status === 'active' || (keeps && before.status === status));
  const confinement = confinementOf(input, existing);
  const record: ConnectionRecord = {
    connector: input.connector,
    major,
    name,
    status,
    ...why,
    owner: input.owner ?? before?.owner ?? null,
    externalAccountId: account,
    externalAccountName: accountNameOf(input, known) ?? (account === options.looked?.account?.id ? options.looked.account.name : null),
    settings,
    metadata: input.metadata ?? before?.metadata ?? {},
    secretVersion: existing?.value.secretVersion ?? 0,
    connectedAt: goesOn ? before.connectedAt : now,
    ...(told === undefined ? {} : { grantedScopes: [...new Set(told)].sort() }),
    ...confinement,
    ...(before ? movedFromOf(before, { settings, confinedTo: confinement.confinedTo }) : {}),
    ...limitsOf(input, existing),
    ...(input.expiresAt === undefined ? {} : { credentialExpiresAt: input.expiresAt }),
    ...(options.looked && !keeps ? { lastCheck: options.looked.check } : {}),
    // A person who has given the permission again has done what was asked, whatever token came of it.
    ...(keeps && grant === undefined && before?.reconnectAsked ? { reconnectAsked: before.reconnectAsked } : {}),
    // Who has paused it has not resumed it.
    ...(before?.inboundPausedAt === undefined ? {} : { inboundPausedAt: before.inboundPausedAt }),
    // Its webhooks at the service stay, whatever it signs in with.
    ...(existing?.value.registrationsDueAt === undefined ? {} : { registrationsDueAt: existing.value.registrationsDueAt }),
    // What goes into the search index is switched off by a word of its own.
    ...(existing?.value.content === undefined ? {} : { content: existing.value.content }),
  };
  return withDueAt(keeps && before ? { ...toldOf(before, record), ...record } : record, options.remindDays);
}

function statusOf(awaitsSite: boolean, isOver: boolean): Pick<ConnectionRecord, 'status' | 'statusReason'> {
  if (awaitsSite) return { status: 'initializing', statusReason: 'choose_site' };
  return isOver ? { status: 'token_expired', statusReason: 'expired' } : { status: 'active' };
}

/** It is lifted by a word of its own alone: a new credential, or an account connected again, is confined as before. */
function confinementOf({ confinedTo }: ConnectionInput, existing: Row<'connection'> | null): Pick<ConnectionRecord, 'confinedTo'> {
  const wanted = confinedTo === undefined ? existing?.value.confinedTo : confinedTo;
  return wanted ? { confinedTo: wanted } : {};
}

/** They are of the connection, whatever it signs in with. */
function limitsOf({ limits }: ConnectionInput, existing: Row<'connection'> | null): Pick<ConnectionRecord, 'limits'> {
  const wanted = limits === undefined ? existing?.value.limits : limits;
  return wanted && wanted.length > 0 ? { limits: wanted } : {};
}

/** What is known of a credential that stays, as far as it is said to be used as before. */
function toldOf(before: ConnectionRecord, record: ConnectionRecord): Partial<ConnectionRecord> {
  const { lastCheck, remindedDays, previousUntil } = before;
  const isSameEnd = before.credentialExpiresAt === record.credentialExpiresAt;
  // The one before must not be sent where other settings would send it.
  const isSamePlace = canonicalJson(before.settings) === canonicalJson(record.settings);
  return {
    ...(lastCheck === undefined ? {} : { lastCheck }),
    ...(remindedDays === undefined || !isSameEnd ? {} : { remindedDays }),
    ...(previousUntil === undefined || !isSamePlace ? {} : { previousUntil }),
  };
}

/** A name told before holds on for the same account only. */
function accountNameOf({ externalAccount }: ConnectionInput, existing: Row<'connection'> | null): string | null {
  if (externalAccount?.name !== undefined) return externalAccount.name;
  const isSame = externalAccount === undefined || externalAccount.id === existing?.value.externalAccountId;
  return (isSame ? existing?.value.externalAccountName : null) ?? null;
}
