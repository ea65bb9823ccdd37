import { toEntry } from '../audit/recorder.ts';
import { dayMs } from '../clock/day-of.ts';
import { alignGate } from '../connections/align-gate.ts';
import { tellStatus } from '../connections/change-status.ts';
import { checkConnectionInput } from '../connections/check-connection-input.ts';
import { parseCredential } from '../connections/credential-schema.ts';
import { type ReplaceCredentialOptions, type Replaced, replaceCredential, rollBackCredential } from '../connections/replace-credential.ts';
import { requireMethod } from '../connections/require-method.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { credentialCheck } from '../gateway/credential-check.ts';
import { checkNewCredential } from './check-credential.ts';
import { noticeMissingScopes } from './connection-scopes.ts';
import type { TenantScope } from './tenant-services.ts';

/** A credential that takes the place of the one that a connection has. */
export interface RotationInput {
  /** Of a kind that the connector takes; not of OAuth, whose grants are replaced by connecting the account again. */
  readonly credential: Credential;
  /** Milliseconds for which the one before is kept, sealed, for `rollBack`: 0 to 30 days. @default 86,400,000, a day */
  readonly overlapMs?: number;
  /** When the new one ends, milliseconds since 1970. @default nobody has said */
  readonly expiresAt?: number;
  /** What the service lets the new one do. @default what it let the one before do */
  readonly grantedScopes?: readonly string[];
  /** Asks the service with the new one first; what it refuses, or what belongs to another account, changes nothing. @default true */
  readonly check?: boolean;
}

/** Longest overlap. */
const longestMs = 30 * dayMs;

/** Puts a new credential in the place of the one that a connection has. */
export async function rotateCredential(scope: TenantScope, found: Row<'connection'>, input: RotationInput): Promise<Row<'connection'>> {
  const { tenant, registry, gateway } = scope;
  const { overlapMs = dayMs, expiresAt, grantedScopes, check = true } = input;
  const connector = registry.getFor(found.value);
  const credential = parseCredential(input.credential);
  checkConnectionInput({ expiresAt, grantedScopes });
  if (!Number.isInteger(overlapMs) || overlapMs < 0 || overlapMs > longestMs)
    throw invalid(
      `overlapMs is not a whole number of milliseconds from 0 to ${longestMs}. Pass for how long the credential before is kept.`,
    );
  if (expiresAt !== undefined && expiresAt <= scope.clock.now())
    throw invalid('The new credential has ended already. Pass one that has not.');
  await refuseGrant(scope, found, credential);
  credentialCheck(gateway, connector.definition)(credential, found.value.settings);
  const { settings, externalAccountId: account, secretVersion } = found.value;
  const looked = check ? await checkNewCredential(scope, { connector, credential, settings, existing: found, account }) : undefined;
  const replaced = await replaceCredential(optionsOf(scope, 'rotate', found.id), {
    tenant,
    connection: found.id,
    secretVersion,
    credential,
    overlapMs,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(grantedScopes === undefined ? {} : { grantedScopes }),
    ...(looked === undefined ? {} : { check: looked.check }),
  });
  return told(scope, replaced, 'rotation');
}

/** Brings back the credential before the last one. */
export async function rollBack(scope: TenantScope, found: Row<'connection'>): Promise<Row<'connection'>> {
  const replaced = await rollBackCredential(optionsOf(scope, 'roll_back', found.id), {
    tenant: scope.tenant,
    connection: found.id,
    require: (record, credential) => requireMethod(scope.registry.getFor(record), credential),
  });
  return told(scope, replaced, 'roll_back');
}

/** A grant has a refresh token, which a service may end with the next: two of them do not stand side by side. */
async function refuseGrant({ tenant, storage }: TenantScope, { id }: Row<'connection'>, credential: Credential): Promise<void> {
  const held = await storage.configuration.find(tenant, 'credential', id);
  if (credential.type !== 'oauth2' && held?.value.kind !== 'oauth2') return;
  throw new PatchbayError({
    code: 'unsupported',
    message:
      'A grant of OAuth is not rotated: its tokens renew themselves. Connect the account again, or put the connection, to replace it.',
  });
}

function optionsOf(scope: TenantScope, verb: 'rotate' | 'roll_back', connection: string): ReplaceCredentialOptions {
  const { configuration, vault, clock, connect, recorder } = scope;
  const act = { action: `credential.${verb}`, object: { type: 'credential', id: connection }, connection };
  return {
    store: {
      get: configuration.get,
      find: configuration.find,
      write: (tenant, changes) => configuration.write(tenant, changes, { audit: [toEntry(act, recorder)] }),
    },
    vault,
    now: () => clock.now(),
    remindDays: connect.remindDays,
  };
}

async function told(scope: TenantScope, { before, row }: Replaced, by: 'rotation' | 'roll_back'): Promise<Row<'connection'>> {
  const { tenant, storage, cache, notify, clock } = scope;
  const { connector: connectorId, previousUntil = null } = row.value;
  cache.forget(tenant);
  await alignGate({ store: storage.configuration, gates: storage.gates }, tenant, row.id);
  notify('connection.credential_replaced', { tenant, connectionId: row.id, connectorId, by, previousUntil, at: clock.now() });
  if (before.value.status !== 'active') tellStatus(scope, { tenant, row: before, to: 'active', reason: 'recovered' });
  await noticeMissingScopes(scope, ({ id }) => id === row.id);
  return row;
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
