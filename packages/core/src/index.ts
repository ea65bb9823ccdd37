export { isGenuineCheckpoint } from './audit/checkpoint.ts';
export { automationJsonSchema } from './automation/automation-json-schema.ts';
export type { ConnectionInput } from './connections/put-connection.ts';
export type { ActionContext, ActionDefinition, ReconcileContext, ScopeNeed } from './connector/action-definition.ts';
export type { AuthMethod, Credential, OAuth2Credential } from './connector/auth-method.ts';
export { type ConnectorCapabilities, capabilityMatrix } from './connector/capability-matrix.ts';
export { capabilityMatrixMarkdown } from './connector/capability-matrix-markdown.ts';
export type { Connector, ConnectorDefinition } from './connector/connector-definition.ts';
export type { ConnectorHttp, HttpOptions, PageOptions, QueryValue, ReadOptions, WriteOptions } from './connector/connector-http.ts';
export { defineAction } from './connector/define-action.ts';
export { defineConnector } from './connector/define-connector.ts';
export { defineTrigger } from './connector/define-trigger.ts';
export type {
  ActionCall,
  ConnectionCall,
  ConnectorContext,
  ConnectorSite,
  ExternalAccount,
  HealthReport,
  IConnector,
} from './connector/iconnector.ts';
export type { ConnectorManifest } from './connector/manifest.ts';
export type { OAuth2Answer, OAuth2Auth, OAuth2Refresh, OAuth2Revocation } from './connector/oauth2-auth.ts';
export { path, type RequestPath } from './connector/path.ts';
export type { ProviderAnswer, ProviderFault, RateLimitReading } from './connector/provider-answer.ts';
export type { Schema, SchemaInput, SchemaOutput } from './connector/schema.ts';
export { hmacSha256, type SignatureScheme, timestampedHmacSha256 } from './connector/signature-scheme.ts';
export type { TriggerDefinition, TriggerKind } from './connector/trigger-definition.ts';
export type { ConnectorEvent, WebhookAnswer, WebhookDeclaration, WebhookDelivery } from './connector/webhook-declaration.ts';
export type { IdempotencyClass, IdempotencyKey, Reconciliation } from './contracts/idempotency.ts';
export type { ErrorCode } from './errors/error-code.ts';
export { isPatchbayError, PatchbayError } from './errors/patchbay-error.ts';
export type { HubEvent } from './event/hub-event.ts';
export type { Delivery, SubscriberFunction } from './events/create-subscriber-executor.ts';
export { awsSigV4 } from './gateway/signing/aws-sigv4.ts';
export { createHub, type Hub } from './hub.ts';
export type { AppOAuth, AppRegistration, HubOptions } from './hub-options.ts';
export { hubVersion } from './hub-version.ts';
export type { Json, JsonObject } from './json/json.ts';
export type { Logger } from './logger/logger.ts';
export type { NoticeName, Notices, RefusalReason } from './notices/notices.ts';
export type { Condition } from './rules/condition.ts';
export type { TenantHandle } from './tenant/create-tenant-handle.ts';
export type { AttemptView, DispatchView } from './tenant/dispatch-view.ts';
export type { Run, RunDetail } from './tenant/run-view.ts';
export type { AutomationInput, HostEvents } from './tenant/typed-automation.ts';
export type { KeyProvider } from './vault/key-provider.ts';
export { type LocalKeysOptions, localKeys } from './vault/local-keys.ts';
