import { createHash } from 'node:crypto';
import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { ConfigurationStore, Row, WriteOptions } from '../../contracts/configuration-store.ts';
import type { RegistrationRecord, SubscriptionRecord } from '../../contracts/webhook-records.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import { checkRegistration, checkSameWay, isByApi } from './check-registration.ts';
import { secretFor } from './check-secret.ts';
import type { RegisterInput } from './register-input.ts';
import { endOthers, secretInUse, withSecret } from './registration-secrets.ts';
import { dueNoLater } from './registrations-due.ts';
import { unfinishedMs } from './subscription-times.ts';

/** Races that are tried again before they are given up. */
const writeTries = 100;

/** Longest list of triggers that stands in a row's name as it is; stores index names. */
const longestList = 150;

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
  checkRegistration(input);
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

const keepsRules = ({ value }: Row<'registration'>, { rules }: RegisterInput): boolean =>
  rules === undefined || canonicalJson(rules) === canonicalJson(value.rules ?? null);

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
  const known =
    existing && secret !== undefined && (await secretInUse(options.vault, { tenant, registration, secrets: given.before }, secret));
  if (known) return endOthers(given, known);
  const fresh = secret ?? secretFor(connector.definition.webhook?.scheme, options.newSecret());
  return withSecret(options, { tenant, registration, secret: fresh, change: given });
}

/** What is known of a subscription before the provider was asked. */
function pendingSubscription(target: string | null, now: number): SubscriptionRecord {
  const unknown = { providerId: null, expiresAt: null, renewAt: null, lastError: null, failures: 0 } as const;
  return { status: 'pending', target, ...unknown, dueAt: now + unfinishedMs };
}
