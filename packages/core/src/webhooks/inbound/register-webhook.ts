import { createHash, timingSafeEqual } from 'node:crypto';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import type { RegistrationRecord } from '../../contracts/configuration-records.ts';
import type { ConfigurationStore, Row, WriteOptions } from '../../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import { isOffered } from './offered-secret.ts';

/** Milliseconds for which the secret before still holds after it was replaced: 24 hours. */
const overlapMs = 86_400_000;

/** Races that are tried again before they are given up. */
const writeTries = 100;

/** Lengths of a secret, characters. */
const secretLength = { least: 8, most: 1_024 };

/** Longest list of triggers that stands in a row's name as it is; stores index names. */
const longestList = 150;

/** A registration that is set up by hand at the provider. */
export interface RegisterInput {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly connector: Connector;
  readonly triggers: readonly string[];
  readonly secret: string;
}

/** What registering needs. */
export interface RegisterOptions {
  readonly store: ConfigurationStore;
  readonly vault: CredentialVault;
  readonly generateId: GenerateId;
  readonly now: () => number;
  /** Asked before a place is taken: what the write must be made under. Throws where there is none. */
  readonly admit: (rowName: string) => Promise<WriteOptions | undefined>;
}

/**
 * Registers a webhook, or brings an existing one of the same connection and triggers up to date: the same secret changes nothing, another
 * replaces it with 24 hours of overlap. Throws `unknown_trigger`, `unsupported`, `invalid_argument`, `conflict`.
 */
export async function registerWebhook(options: RegisterOptions, input: RegisterInput): Promise<Row<'registration'>> {
  const { store } = options;
  const { tenant, connection } = input;
  checkInput(input);
  const triggers = [...new Set(input.triggers)].sort();
  const name = rowNameOf(connection.id, triggers);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await store.find(tenant, 'registration', name);
    if (existing && (await holdsSecret(options.vault, tenant, existing, input.secret, options.now()))) return existing;
    const id = existing?.id ?? options.generateId();
    const value = await recordOf(options, { ...input, triggers }, id, existing);
    const condition = existing ? undefined : await options.admit(name);
    const verdict = await store.write(tenant, [{ put: 'registration', id, name, expect: existing?.version ?? 'absent', value }], condition);
    if (verdict.status === 'conflict') continue;
    const row = await store.get(tenant, 'registration', id);
    if (row) return row;
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The registration is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

function checkInput({ connector, triggers, secret }: RegisterInput): void {
  if (!connector.definition.webhook) {
    throw new PatchbayError({ code: 'unsupported', message: `The connector ${connector.id} receives no webhooks.` });
  }
  for (const trigger of triggers) {
    if (Object.hasOwn(connector.triggers, trigger)) continue;
    throw new PatchbayError({
      code: 'unknown_trigger',
      message: `The connector ${connector.id} has no trigger ${trigger}. It has: ${Object.keys(connector.triggers).join(', ')}.`,
    });
  }
  if (triggers.length === 0)
    throw new PatchbayError({ code: 'invalid_argument', message: 'A registration needs at least one trigger. Name it.' });
  const fits = typeof secret === 'string' && secret.length >= secretLength.least && secret.length <= secretLength.most;
  if (!fits || !secret.isWellFormed())
    throw new PatchbayError({
      code: 'credential_missing',
      message: `A webhook secret is text of ${secretLength.least} to ${secretLength.most} characters; without one every delivery would be refused.`,
    });
}

/** One registration for a connection and a set of triggers. */
function rowNameOf(connection: string, triggers: readonly string[]): string {
  const list = triggers.join('+');
  return `${connection}/${list.length <= longestList ? list : createHash('sha256').update(list).digest('base64url')}`;
}

async function holdsSecret(
  vault: CredentialVault,
  tenant: string,
  row: Row<'registration'>,
  secret: string,
  now: number,
): Promise<boolean> {
  const current = row.value.secrets.find((each) => each.notAfter === null || each.notAfter > now + overlapMs);
  if (!current) return false;
  try {
    const opened = await vault.openSecret({ tenant, registration: row.id, id: current.id }, current.sealed);
    return timingSafeEqual(digestOf(opened.reveal('webhook-verification')), digestOf(secret));
  } catch (error) {
    // A secret that can never be opened again verifies nothing: registering is how a host mends it.
    if (isPatchbayError(error) && !error.retryable) return false;
    throw error;
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

async function recordOf(
  options: RegisterOptions,
  input: RegisterInput,
  id: string,
  existing: Row<'registration'> | null,
): Promise<RegistrationRecord> {
  const now = options.now();
  const secretId = options.generateId();
  const sealed = await options.vault.sealSecret({ tenant: input.tenant, registration: id, id: secretId }, input.secret);
  const before = (existing?.value.secrets ?? [])
    .filter((secret) => !isOffered(secret) && (secret.notAfter === null || secret.notAfter > now))
    .map((secret) => ({ ...secret, notAfter: Math.min(secret.notAfter ?? Number.POSITIVE_INFINITY, now + overlapMs) }));
  return {
    connector: input.connector.id,
    connection: input.connection.id,
    triggers: input.triggers,
    secrets: [{ id: secretId, sealed, notAfter: null }, ...before].slice(0, 4),
    ...(existing?.value.addresses === undefined ? {} : { addresses: existing.value.addresses }),
    createdAt: existing?.value.createdAt ?? now,
  };
}
