export type { Clock, Timer } from './clock/clock.ts';
export { systemClock } from './clock/system-clock.ts';
export type { AnyDefinition } from './connector/connector-definition.ts';
export { type GivenUrl, givenUrl } from './connector/given-url.ts';
export type { ActionResult } from './connector/iconnector.ts';
export type { NamedResources } from './connector/named-resources.ts';
export type { ReadContentDocument, ReadContentPage } from './connector/read-content-page.ts';
export { type SecretUrl, secretUrl } from './connector/secret-url.ts';
export type { HarnessContent } from './content-in-harness.ts';
export {
  type ConnectorHarness,
  type ConnectorHarnessOptions,
  createConnectorHarness,
  type HarnessCall,
  type HarnessUse,
} from './create-connector-harness.ts';
export type { HarnessOptionPage, HarnessOptions } from './options-in-harness.ts';
export type { HarnessRequest, ReceivedDelivery } from './receive-in-harness.ts';
export type { ProviderCall } from './webhooks/inbound/provider-call.ts';
