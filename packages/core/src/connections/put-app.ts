import { timingSafeEqual } from 'node:crypto';
import type { Connector } from '../connector/connector-definition.ts';
import { oauth2Fault } from '../connector/oauth2-fault.ts';
import type { AppEndpoints, AppRecord, ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { CredentialVault } from './credential-vault.ts';
import { oauthMethod } from './find-registration.ts';

/** A tenant's own registration at a service. */
export interface AppInput {
  readonly connector: string;
  readonly clientId: string;
  /** Absent for a public client only. */
  readonly clientSecret?: string;
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

/** Puts a tenant's registration; the same content changes nothing. Flows that were begun under another client id or other endpoints end. */
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
    const id = existing?.id ?? options.generateId();
    const value = await recordOf(options, { tenant, id, connector, existing }, input);
    const verdict = await options.store.write(tenant, [
      { put: 'app', id, name: connector.id, expect: existing?.version ?? 'absent', value },
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
export function checkApp(connector: Connector, { clientId, clientSecret, endpoints }: Omit<AppInput, 'connector'>): void {
  const method = oauthMethod(connector);
  const isText = (text: unknown): boolean => typeof text === 'string' && /^[\x20-\x7e]{1,1024}$/.test(text) && text.trim() === text;
  const invalid = (message: string) => new PatchbayError({ code: 'invalid_argument', message });
  if (!isText(clientId))
    throw invalid(`The clientId of the app at ${connector.definition.name} is no text. Copy it from the app's page there.`);
  if (clientSecret !== undefined && !isText(clientSecret))
    throw invalid(`The clientSecret of the app at ${connector.definition.name} is no printable text. Copy it from the app's page there.`);
  if (clientSecret === undefined && method.clientAuthentication !== 'none')
    throw new PatchbayError({
      code: 'credential_missing',
      message: `The app at ${connector.definition.name} has no clientSecret. Copy it from the app's page there.`,
    });
  if (endpoints === undefined) return;
  const { authorizationUrl: _authorize, tokenUrl: _token, revocationUrl: _revoke, issuer: _issuer, ...quirks } = method;
  if (oauth2Fault({ ...quirks, ...endpoints }) === undefined) return;
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
  const { clientId, clientSecret, endpoints = null } = input;
  const secretVersion = (existing?.value.secretVersion ?? 0) + 1;
  const sealed = clientSecret === undefined ? null : await vault.sealFor({ tenant, of: 'app', id, secretVersion }, clientSecret);
  return { connector: connector.id, clientId, sealed, secretVersion, endpoints, createdAt: existing?.value.createdAt ?? now() };
}

async function isSame({ vault }: PutAppOptions, tenant: string, { id, value }: Row<'app'>, input: AppInput): Promise<boolean> {
  const { clientId, clientSecret, endpoints = null } = input;
  if (value.clientId !== clientId || canonicalJson(value.endpoints ?? {}) !== canonicalJson(endpoints ?? {})) return false;
  if (value.sealed === null || clientSecret === undefined) return value.sealed === null && clientSecret === undefined;
  const held = await vault.openFor({ tenant, of: 'app', id, secretVersion: value.secretVersion }, value.sealed);
  const [left, right] = [Buffer.from(held.reveal('compare with a new one')), Buffer.from(clientSecret)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
