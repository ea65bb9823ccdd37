import { createHash } from 'node:crypto';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import type { RegistrationRecord } from '../../contracts/configuration-records.ts';
import type { ConfigurationStore, Row, WriteOptions } from '../../contracts/configuration-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import { checkWindow, endOthers, replaceSecret, type SecretWindow, secretInUse } from './registration-secrets.ts';
import { verificationKey } from './signatures/verification-key.ts';

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
  /** Left out only where the connector's webhooks are `dangerouslyUnverified`. */
  readonly secret?: string | undefined;
  /** From when a new secret verifies, milliseconds since 1970. @default at once */
  readonly notBefore?: number | undefined;
  /** Milliseconds for which the secrets before still hold, from when the new one does; 0 to 30 days. @default 24 hours */
  readonly overlapMs?: number | undefined;
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
 * replaces it with an overlap. Throws `unknown_trigger`, `unsupported`, `invalid_argument`, `conflict`.
 */
export async function registerWebhook(options: RegisterOptions, input: RegisterInput): Promise<Row<'registration'>> {
  const { store } = options;
  const { tenant, connection } = input;
  checkInput(input);
  const triggers = [...new Set(input.triggers)].sort();
  const name = rowNameOf(connection.id, triggers);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await store.find(tenant, 'registration', name);
    const id = existing?.id ?? options.generateId();
    const value = await recordOf(options, { ...input, triggers }, id, existing);
    if (existing && value.secrets === existing.value.secrets) return existing;
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

function checkInput({ connector, triggers, secret, ...window }: RegisterInput): void {
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
  const { scheme } = connector.definition.webhook;
  if (scheme === undefined) refuseSecret(connector, secret);
  else checkSecret(secret, scheme, window);
}

function checkSecret(secret: string | undefined, scheme: SignatureScheme, window: SecretWindow): void {
  checkWindow(window);
  const fits = typeof secret === 'string' && secret.length >= secretLength.least && secret.length <= secretLength.most;
  if (!fits || !secret.isWellFormed())
    throw new PatchbayError({
      code: 'credential_missing',
      message: `A webhook secret is text of ${secretLength.least} to ${secretLength.most} characters; without one every delivery would be refused.`,
    });
  // Throws for one that its scheme could make no key of.
  verificationKey(secret, scheme);
}

/** Nobody who gives a secret is to think that it is looked at. */
function refuseSecret({ id }: Connector, secret: string | undefined): void {
  if (secret === undefined) return;
  const message = `The webhooks of ${id} are verified by no secret: its definition says so. Leave the secret out.`;
  throw new PatchbayError({ code: 'unsupported', message });
}

/** One registration for a connection and a set of triggers. */
function rowNameOf(connection: string, triggers: readonly string[]): string {
  const list = triggers.join('+');
  return `${connection}/${list.length <= longestList ? list : createHash('sha256').update(list).digest('base64url')}`;
}

async function recordOf(
  options: RegisterOptions,
  input: RegisterInput,
  id: string,
  existing: Row<'registration'> | null,
): Promise<RegistrationRecord> {
  return {
    connector: input.connector.id,
    connection: input.connection.id,
    triggers: input.triggers,
    secrets: await secretsOf(options, input, id, existing),
    ...(existing?.value.addresses === undefined ? {} : { addresses: existing.value.addresses }),
    createdAt: existing?.value.createdAt ?? options.now(),
  };
}

async function secretsOf(
  options: RegisterOptions,
  { secret, tenant, ...window }: RegisterInput,
  registration: string,
  existing: Row<'registration'> | null,
): Promise<RegistrationRecord['secrets']> {
  const given = { before: existing?.value.secrets ?? [], now: options.now(), ...window };
  if (secret === undefined) return given.before;
  const known = existing && (await secretInUse(options.vault, tenant, existing, secret));
  if (known) return endOthers(given, known);
  const id = options.generateId();
  const sealed = await options.vault.sealSecret({ tenant, registration, id }, secret);
  return replaceSecret(given, { id, sealed });
}
