import { timingSafeEqual } from 'node:crypto';
import type { Connector } from '../connector/connector-definition.ts';
import { oauth2Fault } from '../connector/oauth2-fault.ts';
import type { AppEndpoints, AppRecord } from '../contracts/configuration-records.ts';
import type { Change, ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Secret } from '../secret/secret.ts';
import { appKeyFault } from './app-key-fault.ts';
import type { CredentialVault } from './credential-vault.ts';
import { registeredMethod } from './registered-method.ts';

/** A tenant's own registration at a service. */
export interface AppInput {
  readonly connector: string;
  readonly clientId: string;
  /** Absent for a public client, and for one that proves itself with its `privateKey`. */
  readonly clientSecret?: string;
  /** PEM, and by what id the service knows the key: for `private_key_jwt`, and for the tokens of an app's installations. @default none */
  readonly privateKey?: string;
  readonly keyId?: string;
  /** Where the tenant's own server is, such as a GitLab that it runs: its addresses, or its `issuer` alone. @default the connector's */
  readonly endpoints?: AppEndpoints;
}

/** What putting an app needs. */
export interface PutAppOptions {
  readonly store: Pick<ConfigurationStore, 'find' | 'get' | 'write'>;
  readonly vault: Pick<CredentialVault, 'sealFor' | 'openFor'>;
  readonly generateId: GenerateId;
  readonly now: () => number;
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

/**
 * Puts a tenant's registration; the same content changes nothing. Flows that were begun under another client id or other endpoints end. With other
 * endpoints it is another registration, with another redirect URI: what was granted under the one before is never sent to an address named since.
 */
export async function putApp(
  options: PutAppOptions,
  place: { readonly tenant: string; readonly connector: Connector },
  input: AppInput,
): Promise<Row<'app'>> {
  const { tenant, connector } = place;
  checkApp(connector, input);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await options.store.find(tenant, 'app', connector.id);
    if (existing && (await isSame(options, tenant, existing, input))) return existing;
    const same = existing && isSamePlace(existing.value, input) ? existing : null;
    const id = same?.id ?? options.generateId();
    const value = await recordOf(options, { tenant, id, connector, existing: same }, input);
    const outdated: readonly Change[] = existing && !same ? [{ delete: 'app', id: existing.id, expect: existing.version }] : [];
    const verdict = await options.store.write(tenant, [
      ...outdated,
      { put: 'app', id, name: connector.id, expect: same?.version ?? 'absent', value },
    ]);
    const row = verdict.status === 'written' ? await options.store.get(tenant, 'app', id) : null;
    if (row) return row;
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The app registration is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

/** Throws `invalid_argument` and `credential_missing`; the secret is not repeated. */
export function checkApp(connector: Connector, app: Omit<AppInput, 'connector'>): void {
  const { clientId, clientSecret, endpoints } = app;
  const method = registeredMethod(connector);
  const isText = (text: unknown): boolean => typeof text === 'string' && /^[\x20-\x7e]{1,1024}$/.test(text) && text.trim() === text;
  const invalid = (message: string) => new PatchbayError({ code: 'invalid_argument', message });
  if (!isText(clientId))
    throw invalid(`The clientId of the app at ${connector.definition.name} is no text. Copy it from the app's page there.`);
  if (clientSecret !== undefined && !isText(clientSecret))
    throw invalid(`The clientSecret of the app at ${connector.definition.name} is no printable text. Copy it from the app's page there.`);
  if (clientSecret === undefined && app.privateKey === undefined && method.clientAuthentication !== 'none')
    throw new PatchbayError({
      code: 'credential_missing',
      message: `The app at ${connector.definition.name} has no clientSecret. Copy it from the app's page there.`,
    });
  const keyFault = appKeyFault(connector, app);
  if (keyFault !== undefined) throw invalid(`The app at ${connector.definition.name} cannot be used: ${keyFault}.`);
  if (endpoints === undefined) return;
  const { authorizationUrl: _authorize, tokenUrl: _token, revocationUrl: _revoke, issuer: _issuer, revocation, ...quirks } = method;
  const revoked = endpoints.revocationUrl === undefined || revocation === undefined ? {} : { revocation };
  if (oauth2Fault({ ...quirks, ...revoked, ...endpoints }) === undefined) return;
  throw invalid(
    `The endpoints of the app registration are neither http(s) URLs with a host nor an issuer alone${method.requiresIssuer === true ? ', or lack the issuer that this service needs' : ''}. Correct them.`,
  );
}

interface Place {
  readonly tenant: string;
  readonly id: string;
  readonly connector: Connector;
  readonly existing: Row<'app'> | null;
}

async function recordOf({ vault, now }: PutAppOptions, { tenant, id, connector, existing }: Place, input: AppInput): Promise<AppRecord> {
  const { clientId, clientSecret, privateKey, keyId, endpoints = null } = input;
  const secretVersion = (existing?.value.secretVersion ?? 0) + 1;
  const at = { tenant, of: 'app', id, secretVersion } as const;
  const sealed = clientSecret === undefined ? null : await vault.sealFor(at, clientSecret);
  const sealedKey = privateKey === undefined ? {} : { sealedKey: await vault.sealFor({ ...at, field: 'private_key' }, privateKey) };
  const known = { ...sealedKey, ...(keyId === undefined ? {} : { keyId }) };
  return { connector: connector.id, clientId, sealed, ...known, secretVersion, endpoints, createdAt: existing?.value.createdAt ?? now() };
}

const isSamePlace = (app: AppRecord, { endpoints }: AppInput): boolean =>
  canonicalJson(app.endpoints ?? {}) === canonicalJson(endpoints ?? {});

async function isSame({ vault }: PutAppOptions, tenant: string, { id, value }: Row<'app'>, input: AppInput): Promise<boolean> {
  const { clientId, clientSecret, privateKey, keyId } = input;
  if (value.clientId !== clientId || value.keyId !== keyId) return false;
  if (!isSamePlace(value, input)) return false;
  const at = { tenant, of: 'app', id, secretVersion: value.secretVersion } as const;
  const secret = value.sealed === null ? undefined : await vault.openFor(at, value.sealed);
  const key = value.sealedKey === undefined ? undefined : await vault.openFor({ ...at, field: 'private_key' }, value.sealedKey);
  return isEqual(secret, clientSecret) && isEqual(key, privateKey);
}

function isEqual(held: Secret | undefined, given: string | undefined): boolean {
  if (held === undefined || given === undefined) return held === undefined && given === undefined;
  const [left, right] = [Buffer.from(held.reveal('compare with a new one')), Buffer.from(given)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
