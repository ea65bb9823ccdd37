import type { AuthMethod, Connector, Credential, PatchbayError } from '@patchbay/core';
import { isPatchbayError } from '@patchbay/core';
import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { onTestFinished } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { hashCredential, type RecordedRequest } from '../providers/provider-request.ts';
import type { ConnectorSubject } from './connector-subject.ts';

/** What a test acts on: a fresh stand-in and the connector under the hub's gateway. */
export interface ConnectorStage<Provider extends FakeProvider> {
  readonly provider: Provider;
  readonly connector: Connector;
  readonly harness: ConnectorHarness;
}

/** How a stage may differ. */
export interface StageOptions {
  readonly credential?: Credential;
  /** @default the connection is not confined */
  readonly confinedTo?: Readonly<Record<string, readonly string[]>>;
  readonly timeoutMs?: number;
  readonly maximumResponseBytes?: number;
}

/** Sets a stage that is taken down with the test. */
export async function setConnectorStage<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  options: StageOptions = {},
): Promise<ConnectorStage<Provider>> {
  const provider = await subject.startProvider();
  const connector = subject.create(provider.origin);
  const harness = createConnectorHarness({
    connector,
    credential: subject.credential,
    settings: subject.settings ?? {},
    configuration: subject.configuration ?? {},
    flags: subject.flags ?? {},
    dangerouslyAllowPrivateNetworks: true,
    ...options,
  });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, connector, harness };
}

/** What the stand-in holds, as a copy that later calls do not change; undefined where the subject does not show it. */
export function stateOf<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, provider: Provider): unknown {
  return structuredClone(subject.state?.(provider));
}

/** The hub's error with which a call ends. Throws where the call succeeds, naming `what` was called, or ends with a foreign error. */
export async function errorOf(call: Promise<unknown>, what = 'The call'): Promise<PatchbayError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isPatchbayError(error)) return error;
  throw error === undefined ? new Error(`${what} succeeded.`) : error;
}

/** What a request carries where the manifest puts a credential, as the stand-in's log shows one; undefined where there is nothing. */
export function sentCredential({ headers, path }: RecordedRequest, method: AuthMethod): string | undefined {
  switch (method.type) {
    case 'api_key': {
      const parameters = new URL(path, 'http://127.0.0.1').searchParams;
      if (method.in === 'query') return hashed(parameters.get(method.name) ?? undefined);
      return hashed(headers[method.in === 'cookie' ? 'cookie' : method.name.toLowerCase()]);
    }
    case 'headers': {
      const sent = method.names.map((name) => hashed(headers[name.toLowerCase()]));
      return sent.includes(undefined) ? undefined : sent.join(' ');
    }
    case 'secret_url':
      return hashCredential(path);
    case 'signature':
    case 'service_account':
    case 'client_credentials':
    case 'app_installation':
      // Each request has a signature of its own, or a token that nobody knew before.
      return headers['authorization'] === undefined ? undefined : signedRequest;
    default:
      return headers['authorization'];
  }
}

const signedRequest = 'signed';

/** The log hashes the headers whose names it knows. */
function hashed(sent: string | undefined): string | undefined {
  return sent === undefined || sent.startsWith('sha256:') ? sent : hashCredential(sent);
}

/** How the stand-in's log shows a credential that was sent as it should be; undefined where there is none to see. */
export function loggedCredential(credential: Credential, method: AuthMethod): string | undefined {
  switch (credential.type) {
    case 'bearer':
      return hashCredential(`Bearer ${credential.token}`);
    case 'basic':
      return hashCredential(`Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`);
    case 'api_key':
      return hashCredential(method.type === 'api_key' && method.in === 'cookie' ? `${method.name}=${credential.key}` : credential.key);
    case 'oauth2':
      return hashCredential(`Bearer ${credential.accessToken}`);
    case 'headers': {
      const given = new Map(Object.entries(credential.values).map(([name, value]) => [name.toLowerCase(), value]));
      const names = method.type === 'headers' ? method.names : [];
      return names.map((name) => hashCredential(given.get(name.toLowerCase()) ?? '')).join(' ');
    }
    case 'secret_url':
      return hashCredential(credential.url.replace(/^https?:\/\/[^/]*/, ''));
    case 'signature':
    case 'service_account':
    case 'client_credentials':
    case 'app_installation':
      return signedRequest;
    case 'mutual_tls':
    case 'none':
      return undefined;
  }
}

/** The texts that must never be seen. */
export function secretsOf(credential: Credential): readonly string[] {
  switch (credential.type) {
    case 'bearer':
      return [credential.token];
    case 'basic':
      return [credential.password, Buffer.from(`${credential.username}:${credential.password}`).toString('base64')];
    case 'api_key':
      return [credential.key];
    case 'headers':
      return Object.values(credential.values);
    case 'service_account':
    case 'mutual_tls':
      return [credential.privateKey];
    case 'client_credentials':
      return [credential.clientSecret, credential.privateKey].filter((secret) => secret !== undefined);
    case 'app_installation':
      return credential.privateKey === undefined ? [] : [credential.privateKey];
    case 'secret_url':
      return [credential.url];
    case 'signature':
      return Object.values(credential.fields);
    case 'oauth2':
      return credential.refreshToken === undefined ? [credential.accessToken] : [credential.accessToken, credential.refreshToken];
    case 'none':
      return [];
  }
}
