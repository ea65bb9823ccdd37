import type { CredentialVault } from '../../../connections/credential-vault.ts';
import { schemeFault } from '../../../connector/signature/scheme-fault.ts';
import type { ConfigurationStore, Row, WriteOptions } from '../../../contracts/configuration-store.ts';
import type { ReceiverRecord } from '../../../contracts/webhook-records.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';
import { canonicalJson } from '../../../json/canonical-json.ts';
import type { Json } from '../../../json/json.ts';
import { checkSecret } from '../check-secret.ts';
import { usualKeys } from '../parse-body.ts';
import { endOthers, type SealingOptions, secretInUse, withSecret } from '../registration-secrets.ts';
import { compileReceiver } from './compile-receiver.ts';
import { parseReceiver } from './parse-receiver.ts';
import type { ReceiverDefinition } from './receiver-definition.ts';

/** Races that are tried again before they are given up. */
const writeTries = 100;

/** Most secrets of one receiver; so many are tried. */
const mostSecrets = 5;

const nameShape = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What putting a receiver needs. */
export interface PutReceiverOptions extends SealingOptions {
  readonly vault: Pick<CredentialVault, 'sealSecret' | 'openSecret'>;
  readonly now: () => number;
  readonly store: Pick<ConfigurationStore, 'find' | 'get' | 'write'>;
  /** Asked before a place is taken: what the write must be made under. Throws where there is none. */
  readonly admit: (rowName: string) => Promise<WriteOptions | undefined>;
}

/** A receiver to be put. */
export interface PutReceiver {
  readonly tenant: string;
  readonly name: string;
  /** Checked here. */
  readonly definition: unknown;
  /** Absent: the one that is there. */
  readonly secret: string | undefined;
  /** Milliseconds for which the secrets before still hold. @default 24 hours */
  readonly overlapMs?: number | undefined;
}

/**
 * Puts a receiver: its name is the key, the same content changes nothing, another secret replaces the one before, which holds for 24 hours more. Throws
 * `invalid_argument`, `expression_invalid`, `credential_missing`, `conflict`.
 */
export async function putReceiver(options: PutReceiverOptions, put: PutReceiver): Promise<Row<'receiver'>> {
  const { store } = options;
  const { tenant, name } = put;
  if (typeof name !== 'string' || name.length > 40 || !nameShape.test(name))
    throw invalid("A receiver's name is lower-case letters, digits and single hyphens, at most 40: its events are called hook.{name}.…");
  const definition = parseReceiver(put.definition);
  compileReceiver({ name, definition, maximumKeys: usualKeys });
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await store.find(tenant, 'receiver', name);
    const id = existing?.id ?? options.generateId();
    const value = await recordOf(options, { put, definition, id, existing });
    if (existing && canonicalJson(toJson(existing.value)) === canonicalJson(toJson(value))) return existing;
    const condition = existing ? undefined : await options.admit(name);
    const verdict = await store.write(tenant, [{ put: 'receiver', id, name, expect: existing?.version ?? 'absent', value }], condition);
    if (verdict.status === 'conflict') continue;
    const row = await store.get(tenant, 'receiver', id);
    if (row) return row;
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The receiver is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

interface Putting {
  readonly put: PutReceiver;
  readonly definition: ReceiverDefinition;
  readonly id: string;
  readonly existing: Row<'receiver'> | null;
}

async function recordOf(options: PutReceiverOptions, { put, definition, id, existing }: Putting): Promise<ReceiverRecord> {
  const { tenant, secret, overlapMs } = put;
  const { scheme } = definition;
  const createdAt = existing?.value.createdAt ?? options.now();
  const json = toJson(definition);
  if (scheme === undefined) {
    if (secret !== undefined) throw missing('A receiver that verifies nothing has no secret. Give it a scheme, or leave the secret out');
    return { definition: json, secrets: [], createdAt };
  }
  // Another scheme reads another kind of secret.
  const before = existing && sameScheme(existing.value.definition, definition) ? existing.value.secrets : [];
  if (secret === undefined) {
    if (before.length === 0)
      throw missing('A receiver with a scheme has a secret, and without one it would refuse everything. Give it one');
    return { definition: json, secrets: before, createdAt };
  }
  checkSecret(secret, scheme, { overlapMs });
  const change = { before, now: options.now(), overlapMs, most: mostSecrets };
  const known = await secretInUse(options.vault, { tenant, registration: id, secrets: before }, secret);
  const secrets = known ? endOthers(change, known) : await withSecret(options, { tenant, registration: id, secret, change });
  return { definition: json, secrets, createdAt };
}

function sameScheme(stored: Json, { scheme }: ReceiverDefinition): boolean {
  const before: unknown = typeof stored === 'object' && stored !== null && 'scheme' in stored ? stored.scheme : undefined;
  const kindOf = (value: unknown): unknown => (schemeFault(value) === undefined ? canonicalJson(toJson(value)) : undefined);
  return kindOf(before) === kindOf(scheme);
}

/** As it is stored. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `${message}.` });
}

function missing(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message: `${message}.` });
}
