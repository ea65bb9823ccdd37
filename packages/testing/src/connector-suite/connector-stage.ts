import type { Connector, Credential, PatchbayError } from '@patchbay/core';
import { isPatchbayError } from '@patchbay/core';
import { type ConnectorHarness, createConnectorHarness } from '@patchbay/core/connector-kit';
import { onTestFinished } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { hashCredential } from '../providers/provider-request.ts';
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
    dangerouslyAllowPrivateNetworks: true,
    ...options,
  });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  return { provider, connector, harness };
}

/** The hub's error with which a call ends. Throws where the call succeeds or ends with a foreign error. */
export async function errorOf(call: Promise<unknown>): Promise<PatchbayError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isPatchbayError(error)) return error;
  throw error === undefined ? new Error('The call succeeded.') : error;
}

/** How the stand-in's log shows a credential that was sent as it should be; undefined where none goes into a header. */
export function loggedCredential(credential: Credential): string | undefined {
  switch (credential.type) {
    case 'bearer':
      return hashCredential(`Bearer ${credential.token}`);
    case 'basic':
      return hashCredential(`Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`);
    default:
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
    case 'none':
      return [];
  }
}
