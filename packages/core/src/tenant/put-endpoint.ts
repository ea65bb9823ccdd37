import { timingSafeEqual } from 'node:crypto';
import type { Row } from '../contracts/configuration-store.ts';
import type { EndpointRecord, EndpointSecretRecord } from '../contracts/webhook-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { alignEndpointGate } from '../webhooks/outbound/align-endpoint-gate.ts';
import { type EndpointInput, type EndpointSettings, parseEndpoint } from '../webhooks/outbound/endpoint-input.ts';
import { deliveryKey, newEndpointSecret, publicKeyOf } from '../webhooks/outbound/endpoint-secret.ts';
import { endpointBusy, endpointWriteTries } from './change-endpoint.ts';
import { isName } from './check-text.ts';
import { type Endpoint, toEndpoint } from './endpoint-view.ts';
import { admit } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** An endpoint with the secret that was made for it just now. */
export interface PutEndpoint extends Endpoint {
  /** `null` where none was made: it has one, or the host gave it. */
  readonly secret: string | null;
}

/** Milliseconds for which the secret before goes on to sign beside a new one: 24 hours. */
export const usualOverlapMs = 86_400_000;

/** Secrets that one endpoint signs with at once. */
const mostSecrets = 4;

/** Makes the endpoint of this name, or brings it up to date; the same input changes nothing. Another URL has to be verified anew. */
export async function putEndpoint(scope: TenantScope, name: string, input: EndpointInput): Promise<PutEndpoint> {
  const { tenant, storage, cache, configuration } = scope;
  await scope.ready();
  checkName(name);
  const settings = parseEndpoint(input, scope.deliveries.network.check);
  checkElsewhere(scope, settings.url);
  for (let tries = 0; tries < endpointWriteTries; tries += 1) {
    const existing = await storage.configuration.find(tenant, 'endpoint', name);
    const id = existing?.id ?? scope.generateId();
    const { secrets, made } = await secretsFor(scope, { id, existing, settings, given: input.secret });
    const value = recordOf(scope, { existing, settings, secrets });
    const align = () => alignEndpointGate({ store: storage.configuration, gates: storage.gates }, { tenant, id });
    if (existing && canonicalJson(existing.value) === canonicalJson(value)) {
      // Whoever put it so may have been lost before its lane was moved.
      await align();
      return { ...toEndpoint(existing), secret: null };
    }
    const condition = existing ? undefined : await admit(scope, 'endpoints', name);
    const expect = existing?.version ?? 'absent';
    const verdict = await configuration.write(tenant, [{ put: 'endpoint', id, name, expect, value }], condition);
    if (verdict.status === 'conflict') continue;
    cache.forget(tenant);
    await align();
    return { ...toEndpoint({ id, name, version: 1, updatedAt: 0, value }), secret: made };
  }
  throw endpointBusy();
}

function checkName(name: string): void {
  // A name that looks like an id could stand for another endpoint's.
  if (isName(name) && !isUuid(name)) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: "An endpoint's name is text of 1 to 200 characters without control characters, and not a uuid.",
  });
}

/** What an endpoint delivers to a receiver of this hub becomes an event, which is delivered to it, without end. */
function checkElsewhere({ publicUrl }: TenantScope, url: string): void {
  if (!['/webhooks/', '/hooks/'].some((path) => url.startsWith(`${publicUrl}${path}`))) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message:
      'The url of an endpoint leads to this hub itself, so its deliveries would come back as events. Give the URL of another service.',
  });
}

interface Parts {
  readonly existing: Row<'endpoint'> | null;
  readonly settings: EndpointSettings;
}

function recordOf(
  { clock }: TenantScope,
  { existing, settings, secrets }: Parts & { readonly secrets: readonly EndpointSecretRecord[] },
): EndpointRecord {
  const { isWaived, ...rest } = settings;
  const before = existing?.value;
  const isAnswered = before?.verification === 'answered' && before.url === settings.url;
  return {
    ...rest,
    secrets,
    verification: isWaived ? 'waived' : isAnswered ? 'answered' : 'pending',
    ...(before?.disabled ? { disabled: before.disabled } : {}),
    createdAt: before?.createdAt ?? Math.floor(clock.now()),
  };
}

interface Secrets {
  readonly secrets: readonly EndpointSecretRecord[];
  /** What nobody knows yet. */
  readonly made: string | null;
}

/** The secrets that it is to have: as they are, or a new one in front where it has none of this kind, or the host gives another. */
async function secretsFor(
  scope: TenantScope,
  { id, existing, settings, given }: Parts & { readonly id: string; readonly given: string | undefined },
): Promise<Secrets> {
  const before = existing?.value.secrets ?? [];
  const isOfKind = existing?.value.signing === settings.signing;
  if (isOfKind && (given === undefined || (await isNewest(scope, { id, newest: before[0], given }))))
    return { secrets: before, made: null };
  return addSecret(scope, { id, before, signing: settings.signing, given, overlapMs: usualOverlapMs });
}

/** A new secret in front of those before, which sign until the overlap ends. */
export async function addSecret(
  { tenant, vault, generateId, clock, randomBytes }: TenantScope,
  {
    id: endpoint,
    before,
    signing,
    given,
    overlapMs,
  }: {
    readonly id: string;
    readonly before: readonly EndpointSecretRecord[];
    readonly signing: EndpointRecord['signing'];
    readonly given: string | undefined;
    readonly overlapMs: number;
  },
): Promise<Secrets> {
  const secret = given ?? newEndpointSecret(signing, randomBytes);
  const publicKey = publicKeyOf(deliveryKey(signing, secret));
  const id = generateId();
  const sealed = await vault.sealSecret({ tenant, endpoint, id }, secret);
  const now = clock.now();
  const end = Math.floor(now + overlapMs);
  const kept = before
    .filter(({ notAfter }) => notAfter === null || notAfter > now)
    .map((old) => ({ ...old, notAfter: Math.min(old.notAfter ?? end, end) }))
    .filter(({ notAfter }) => notAfter > now);
  const newest = { id, sealed, ...(publicKey === undefined ? {} : { publicKey }), notAfter: null };
  return { secrets: [newest, ...kept].slice(0, mostSecrets), made: given === undefined ? secret : null };
}

async function isNewest(
  { tenant, vault }: TenantScope,
  { id: endpoint, newest, given }: { readonly id: string; readonly newest: EndpointSecretRecord | undefined; readonly given: string },
): Promise<boolean> {
  if (!newest) return false;
  const opened = await vault.openSecret({ tenant, endpoint, id: newest.id }, newest.sealed);
  const [left, right] = [opened.reveal('webhook-signing'), given].map((text) => Buffer.from(text));
  return left !== undefined && right !== undefined && left.length === right.length && timingSafeEqual(left, right);
}
