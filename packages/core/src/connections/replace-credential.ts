import type { Credential } from '../connector/auth-method.ts';
import type { ConnectionCheck, ConnectionRecord, CredentialRecord, PreviousCredentialRecord } from '../contracts/configuration-records.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { bindToApp } from './bind-to-app.ts';
import type { CredentialVault } from './credential-vault.ts';
import { withDueAt } from './due-at.ts';
import type { HeldCredential } from './held-credential.ts';

/** What replacing a credential needs. */
export interface ReplaceCredentialOptions {
  readonly store: Pick<ConfigurationStore, 'get' | 'find' | 'write'>;
  readonly vault: Pick<CredentialVault, 'seal' | 'openPrevious'>;
  readonly now: () => number;
  readonly remindDays: readonly number[];
}

/** A connection as it was before its credential was replaced, and as it is now. */
export interface Replaced {
  readonly before: Row<'connection'>;
  readonly row: Row<'connection'>;
}

/** A credential that takes the place of another. */
export interface Replacement {
  readonly tenant: string;
  readonly connection: string;
  /** Version of the credential that was looked at: another one is not replaced. */
  readonly secretVersion: number;
  readonly credential: Credential;
  /** Milliseconds for which the one before is kept; 0: not at all. */
  readonly overlapMs: number;
  /** Absent: those of the one before. */
  readonly grantedScopes?: readonly string[];
  /** Milliseconds since 1970. Absent: nobody has said. */
  readonly expiresAt?: number;
  /** What a look with it has shown. Absent: nobody looked. */
  readonly check?: ConnectionCheck;
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

/**
 * Puts a credential in the place of another in one write, and keeps the one before beside it. Throws `conflict` where somebody has put another
 * meanwhile, and `credential_missing` for a connection that has ended.
 */
export async function replaceCredential(options: ReplaceCredentialOptions, replacement: Replacement): Promise<Replaced> {
  const { overlapMs, credential, check, grantedScopes, expiresAt } = replacement;
  return writeBoth(options, replacement, async ({ row, held }) => {
    if (row.value.secretVersion !== replacement.secretVersion) throw replacedMeanwhile();
    // One that works no more is nothing to go back to.
    const keeps = overlapMs > 0 && (row.value.status === 'active' || row.value.status === 'error');
    const before = row.value;
    return {
      credential: await bindToApp(options.store, { tenant: replacement.tenant, connector: before.connector }, credential),
      previous: keeps ? previousOf(before, held.value) : undefined,
      value: {
        ...without(before),
        ...(grantedScopes === undefined ? {} : { grantedScopes: [...new Set(grantedScopes)].sort() }),
        ...(expiresAt === undefined ? {} : { credentialExpiresAt: expiresAt }),
        ...(keeps ? { previousUntil: options.now() + overlapMs } : {}),
        ...(check === undefined ? {} : { lastCheck: check }),
      },
    };
  });
}

/** Brings back the credential before the last one, while it is kept; the last one is gone then. Throws `credential_missing`. */
export async function rollBackCredential(
  options: ReplaceCredentialOptions,
  place: {
    readonly tenant: string;
    readonly connection: string;
    /** Throws where the connection, as it is now, does not take it: it may have been moved to another major since. */
    readonly require: (record: ConnectionRecord, credential: HeldCredential) => void;
  },
): Promise<Replaced> {
  return writeBoth(options, place, async ({ row, held }) => {
    const { previous } = held.value;
    const now = options.now();
    if (!previous || (row.value.previousUntil ?? 0) <= now || (previous.expiresAt ?? now + 1) <= now) throw nothingKept();
    const { grantedScopes: _, ...rest } = without(row.value);
    // A token that was asked for with it may have ended since.
    const { minted: __, ...credential } = await options.vault.openPrevious(place.tenant, held);
    place.require(row.value, credential);
    return {
      credential,
      previous: undefined,
      value: {
        ...rest,
        ...(previous.grantedScopes === undefined ? {} : { grantedScopes: previous.grantedScopes }),
        ...(previous.expiresAt === undefined ? {} : { credentialExpiresAt: previous.expiresAt }),
      },
    };
  });
}

interface Rows {
  readonly row: Row<'connection'>;
  readonly held: Row<'credential'>;
}

interface Next {
  readonly credential: HeldCredential;
  readonly previous: PreviousCredentialRecord | undefined;
  readonly value: ConnectionRecord;
}

async function writeBoth(
  options: ReplaceCredentialOptions,
  { tenant, connection: id }: { readonly tenant: string; readonly connection: string },
  next: (rows: Rows) => Promise<Next>,
): Promise<Replaced> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await options.store.get(tenant, 'connection', id);
    const held = await options.store.find(tenant, 'credential', id);
    if (!row || !held || row.value.status === 'disconnected') throw ended();
    const { credential, previous, value } = await next({ row, held });
    const secretVersion = row.value.secretVersion + 1;
    const sealed = await options.vault.seal({ tenant, connection: id, secretVersion }, credential);
    const record = withDueAt({ ...value, status: 'active', secretVersion }, options.remindDays);
    const kept = previous === undefined ? {} : { previous };
    const verdict = await options.store.write(tenant, [
      { put: 'connection', id, name: row.name, expect: row.version, value: record },
      {
        put: 'credential',
        id: held.id,
        name: held.name,
        expect: held.version,
        value: { connection: id, kind: credential.type, sealed, secretVersion, ...kept },
      },
    ]);
    if (verdict.status === 'written') return { before: row, row: { ...row, version: row.version + 1, value: record } };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The connection is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

/** What was said of the credential before, and of nothing else, goes with it. */
function without(record: ConnectionRecord): ConnectionRecord {
  const { statusReason: _, lastCheck: __, credentialExpiresAt: ___, remindedDays: ____, previousUntil: _____, ...rest } = record;
  const { reconnectAsked: ______, ...kept } = rest;
  return kept;
}

function previousOf({ grantedScopes, credentialExpiresAt }: ConnectionRecord, held: CredentialRecord): PreviousCredentialRecord {
  const { kind, sealed, secretVersion } = held;
  return {
    kind,
    sealed,
    secretVersion,
    ...(grantedScopes === undefined ? {} : { grantedScopes }),
    ...(credentialExpiresAt === undefined ? {} : { expiresAt: credentialExpiresAt }),
  };
}

const replacedMeanwhile = (): PatchbayError =>
  new PatchbayError({
    code: 'conflict',
    message: 'Another credential was put while this one was looked at, so nothing was changed. Look at the connection and try again.',
  });

const ended = (): PatchbayError =>
  new PatchbayError({
    code: 'credential_missing',
    message: 'The connection has no credential that could be replaced. Put the connection with the new one.',
  });

const nothingKept = (): PatchbayError =>
  new PatchbayError({
    code: 'credential_missing',
    message: 'No credential before this one is kept that could still be used. Put the connection with the one that it is to have.',
  });
