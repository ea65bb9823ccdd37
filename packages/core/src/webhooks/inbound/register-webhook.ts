import { createHash } from 'node:crypto';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import type { SignatureScheme } from '../../connector/signature-scheme.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import type { RegistrationRecord, RegistrationRules, SubscriptionRecord } from '../../contracts/configuration-records.ts';
import type { ConfigurationStore, Row, WriteOptions } from '../../contracts/configuration-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import { checkWindow, endOthers, replaceSecret, type SecretChange, type SecretWindow, secretInUse } from './registration-secrets.ts';
import { dueNoLater } from './registrations-due.ts';
import { verificationKey } from './signatures/verification-key.ts';
import { unfinishedMs } from './subscription-times.ts';

/** Lengths of a secret, characters. */
const secretLength = { least: 8, most: 1_024 };

/** Races that are tried again before they are given up. */
const writeTries = 100;

/** Longest name of what a registration is for, characters. */
const longestTarget = 300;

/** Longest list of triggers that stands in a row's name as it is; stores index names. */
const longestList = 150;

/** A registration as it is to be. */
export interface RegisterInput {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly connector: Connector;
  readonly triggers: readonly string[];
  /**
   * The secret of one that a person sets up at the provider; absent: the hub registers by the provider's API, with a secret of its own, or the
   * connector's webhooks are `dangerouslyUnverified`.
   */
  readonly secret?: string | undefined;
  /** From when a new secret verifies, milliseconds since 1970. @default at once */
  readonly notBefore?: number | undefined;
  /** Milliseconds for which the secrets before still hold, from when the new one does; 0 to 30 days. @default 24 hours */
  readonly overlapMs?: number | undefined;
  /** What at the provider it is for, where the hub registers it. */
  readonly target?: string;
  /** What becomes of its events. @default they stay as they were */
  readonly rules?: RegistrationRules;
}

/** A registration as it stands, and whether this call has made it. */
export interface Registered {
  readonly row: Row<'registration'>;
  readonly isNew: boolean;
}

/** What registering needs. */
export interface RegisterOptions {
  readonly store: ConfigurationStore;
  readonly vault: CredentialVault;
  readonly generateId: GenerateId;
  readonly now: () => number;
  /** Asked before a place is taken: what the write must be made under. Throws where there is none. */
  readonly admit: (rowName: string) => Promise<WriteOptions | undefined>;
  /** 32 random bytes as text. */
  readonly newSecret: () => string;
  /** Days before the end of a credential at which somebody is reminded. */
  readonly remindDays: readonly number[];
}

/**
 * Keeps a registration, or brings an existing one of the same connection, triggers and target up to date: the same secret changes nothing, another
 * replaces it with an overlap. One that the hub is to bring to the provider is `pending` afterwards, and its connection due, so that one
 * which nobody finishes is mended. Throws `unknown_trigger`, `unsupported`, `invalid_argument`, `conflict`.
 */
export async function registerWebhook(options: RegisterOptions, input: RegisterInput): Promise<Registered> {
  const { store } = options;
  const { tenant, connection } = input;
  checkInput(input);
  const triggers = [...new Set(input.triggers)].sort();
  const name = rowNameOf(connection.id, triggers, input.target);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await store.find(tenant, 'registration', name);
    if (existing) checkSameWay(existing, input);
    const id = existing?.id ?? options.generateId();
    const secrets = await secretsOf(options, input, id, existing);
    if (existing && secrets === existing.value.secrets && keepsRules(existing, input)) return { row: existing, isNew: false };
    const value = recordOf({ ...input, triggers, now: options.now() }, secrets, existing);
    const condition = existing ? undefined : await options.admit(name);
    const put = { put: 'registration', id, name, expect: existing?.version ?? 'absent', value } as const;
    const verdict = await store.write(tenant, [put, ...(await dueOf(options, tenant, value))], condition);
    if (verdict.status === 'conflict') continue;
    const row = await store.get(tenant, 'registration', id);
    if (row) return { row, isNew: existing === null };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The registration is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

/** The change by which a pending registration is looked at; none for one that a person sets up. */
async function dueOf({ store, remindDays }: RegisterOptions, tenant: string, { connection, subscription }: RegistrationRecord) {
  const row = subscription && (await store.get(tenant, 'connection', connection));
  return row ? dueNoLater(row, { dueAt: subscription.dueAt, remindDays }) : [];
}

/** What a person has set up has a secret that the person knows; what the hub has, nobody. */
function checkSameWay({ value }: Row<'registration'>, input: RegisterInput): void {
  if (value.subscription === undefined && isByApi(input))
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'A person has set this registration up. Give its secret, or unregister it and register it anew without one.',
    });
  if (value.subscription !== undefined && !isByApi(input))
    throw new PatchbayError({
      code: 'invalid_argument',
      message:
        'The hub has registered this one at the provider with a secret of its own. Leave the secret out; rotateSecret makes another.',
    });
}

/** Without a secret the hub registers by the provider's API; where webhooks are verified by none and there is no such way, a person does all the same. */
function isByApi({ connector, secret }: RegisterInput): boolean {
  const { scheme, subscriptions } = connector.definition.webhook ?? {};
  return secret === undefined && (scheme !== undefined || subscriptions !== undefined);
}

const keepsRules = ({ value }: Row<'registration'>, { rules }: RegisterInput): boolean =>
  rules === undefined || canonicalJson(rules) === canonicalJson(value.rules ?? null);

function checkInput(input: RegisterInput): void {
  const { connector, triggers, secret, target } = input;
  const { webhook } = connector.definition;
  if (!webhook) {
    throw new PatchbayError({ code: 'unsupported', message: `The connector ${connector.id} receives no webhooks.` });
  }
  if (isByApi(input)) checkTarget(connector.id, webhook, target);
  else if (target !== undefined)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'What a person sets up at the service is for what the person chose there. Leave the target out.',
    });
  for (const trigger of triggers) {
    if (Object.hasOwn(connector.triggers, trigger)) continue;
    throw new PatchbayError({
      code: 'unknown_trigger',
      message: `The connector ${connector.id} has no trigger ${trigger}. It has: ${Object.keys(connector.triggers).join(', ')}.`,
    });
  }
  if (triggers.length === 0)
    throw new PatchbayError({ code: 'invalid_argument', message: 'A registration needs at least one trigger. Name it.' });
  if (webhook.scheme === undefined) refuseSecret(connector, secret);
  else if (secret !== undefined) checkSecret(secret, webhook.scheme, input);
}

/** Throws `credential_missing` for what is no secret of a scheme, and `invalid_argument` for times that are none. */
export function checkSecret(secret: unknown, scheme: SignatureScheme, window: SecretWindow): asserts secret is string {
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

function checkTarget(connector: string, { subscriptions }: WebhookDeclaration, target: string | undefined): void {
  if (subscriptions === undefined)
    throw new PatchbayError({
      code: 'unsupported',
      message: `The hub cannot register webhooks of ${connector} by itself. Set one up at the service, with a secret, and give that secret here.`,
    });
  if (subscriptions.target === undefined && target !== undefined)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `Registrations of ${connector} are for the whole account. Leave the target out.`,
    });
  const isNamed = typeof target === 'string' && target.length > 0 && target.length <= longestTarget && target.isWellFormed();
  if (subscriptions.target !== undefined && !isNamed)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `A registration of ${connector} by API names its target: ${subscriptions.target}. Give target, or a secret of a webhook that was set up by hand.`,
    });
}

/** One registration for a connection, a set of triggers and a target. */
function rowNameOf(connection: string, triggers: readonly string[], target: string | undefined): string {
  const list = triggers.join('+') + (target === undefined ? '' : ` ${target}`);
  return `${connection}/${list.length <= longestList ? list : createHash('sha256').update(list).digest('base64url')}`;
}

function recordOf(
  input: RegisterInput & { readonly now: number },
  secrets: RegistrationRecord['secrets'],
  existing: Row<'registration'> | null,
): RegistrationRecord {
  const { connector, connection, triggers, rules = existing?.value.rules, now } = input;
  const subscription = existing ? existing.value.subscription : isByApi(input) ? pendingSubscription(input.target ?? null, now) : undefined;
  return {
    connector: connector.id,
    connection: connection.id,
    triggers,
    secrets,
    ...(existing?.value.addresses === undefined ? {} : { addresses: existing.value.addresses }),
    createdAt: existing?.value.createdAt ?? now,
    ...(rules === undefined ? {} : { rules }),
    ...(subscription === undefined ? {} : { subscription }),
  };
}

/** The secrets that it is to have; the very list that it has where they stay. For what the hub has made at the provider, whichever they are. */
async function secretsOf(
  options: RegisterOptions,
  input: RegisterInput,
  registration: string,
  existing: Row<'registration'> | null,
): Promise<RegistrationRecord['secrets']> {
  const { tenant, secret, notBefore, overlapMs, connector } = input;
  const given = { before: existing?.value.secrets ?? [], now: options.now(), notBefore, overlapMs };
  if (secret === undefined && (existing || !isByApi(input))) return given.before;
  const known = existing && secret !== undefined && (await secretInUse(options.vault, tenant, existing, secret));
  if (known) return endOthers(given, known);
  const fresh = secret ?? secretFor(connector.definition.webhook?.scheme, options.newSecret());
  return withSecret(options, { tenant, registration, secret: fresh, change: given });
}

/** A new secret, and what is to become of those before it. */
export interface AddedSecret {
  readonly tenant: string;
  readonly registration: string;
  readonly secret: string;
  readonly change: SecretChange;
}

/** The secrets of a registration with a new one, sealed, in front. */
export async function withSecret(
  { vault, generateId }: { readonly vault: Pick<CredentialVault, 'sealSecret'>; readonly generateId: GenerateId },
  { tenant, registration, secret, change }: AddedSecret,
): Promise<RegistrationRecord['secrets']> {
  const id = generateId();
  return replaceSecret(change, { id, sealed: await vault.sealSecret({ tenant, registration, id }, secret) });
}

/** A random secret (base64url) as a scheme writes secrets. */
export function secretFor(scheme: SignatureScheme | undefined, random: string): string {
  return scheme?.kind === 'standard-webhooks' ? `whsec_${Buffer.from(random, 'base64url').toString('base64')}` : random;
}

/** What is known of a subscription before the provider was asked. */
function pendingSubscription(target: string | null, now: number): SubscriptionRecord {
  const unknown = { providerId: null, expiresAt: null, renewAt: null, lastError: null, failures: 0 } as const;
  return { status: 'pending', target, ...unknown, dueAt: now + unfinishedMs };
}
