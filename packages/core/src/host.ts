export type { AlertOptions } from './alert-options.ts';
export type { ChainKeys } from './audit/chain-hash.ts';
export type { Checkpoint } from './audit/checkpoint.ts';
export type { CheckpointOptions } from './audit/checkpoint-writer.ts';
export type { ChainBreak, ChainFault, ChainReport } from './audit/verify-chain.ts';
export type { AuditOptions } from './audit-options.ts';
export type { BeginConnectInput, BegunConnect } from './connections/begin-connect.ts';
export type { CompleteConnectInput } from './connections/complete-connect.ts';
export type { ConnectFailure } from './connections/connect-failed.ts';
export type { Connection } from './connections/connection.ts';
export type { AppInput } from './connections/put-app.ts';
export type { RewrapProgress } from './connections/rewrap-sealed.ts';
export type { ConnectionChanges } from './connections/update-connection.ts';
export type { ApiVersion } from './connector/api-version.ts';
export type { ClientCredential, InstallationCredential } from './connector/auth-method.ts';
export type {
  BatchAnswer,
  BatchAnswers,
  BatchDeclaration,
  BatchedAnswer,
  BatchedRead,
  BatchRead,
  BatchRequest,
} from './connector/batch-declaration.ts';
export type { ChallengeDeclaration, CloudEventsChallenge, EchoChallenge } from './connector/challenge-declaration.ts';
export type { ConfigurationReader, NoConfiguration, TenantChoices } from './connector/configuration-reader.ts';
export type { ConfirmationDeclaration } from './connector/confirmation-declaration.ts';
export type { ConnectionMigration, ConnectionMigrations } from './connector/connection-migration.ts';
export type { HealthCall } from './connector/connector-definition.ts';
export type { BytesOptions, CacheUse, HttpAnswer, PageRequest, StreamedAnswer, StreamOptions } from './connector/connector-http.ts';
export { connectorIndexMarkdown } from './connector/connector-index-markdown.ts';
export { connectorReferenceMarkdown, type ReferenceOptions } from './connector/connector-reference-markdown.ts';
export type { ContentCall, ContentDocument, ContentPage, ContentSource } from './connector/content-source.ts';
export type { ConnectorRegistry } from './connector/create-registry.ts';
export type { Deprecation } from './connector/deprecation.ts';
export type { EnricherCall, EnricherDefinition } from './connector/enricher-definition.ts';
export type { EvidenceKind, EvidenceNote, EvidenceReader, EvidenceSubjects } from './connector/evidence-declaration.ts';
export type { FlagDeclaration, Flags, FlagValues, NoFlags } from './connector/flag-declaration.ts';
export type {
  GivenGraphqlOptions,
  GraphqlAnswer,
  GraphqlConnection,
  GraphqlCost,
  GraphqlError,
  GraphqlOperation,
  GraphqlOptions,
  GraphqlPageOptions,
} from './connector/graphql-options.ts';
export type { HostDeclaration } from './connector/host-declaration.ts';
export { defineFunction, type FunctionCall, type HostFunction, type HostFunctions } from './connector/host-function.ts';
export type { Confinement } from './connector/leaves-confinement.ts';
export type {
  ApiVersionManifest,
  ConnectorCategory,
  ContentManifest,
  EnricherManifest,
  FlagManifest,
  OptionSourceManifest,
} from './connector/manifest.ts';
export type { OptionPlace } from './connector/option-place.ts';
export type { InputOption, OptionCall, OptionPage, OptionSource } from './connector/option-source.ts';
export type { OptionUse, OptionUses } from './connector/option-use.ts';
export type { CursorPaging, LinkPaging, NumberPaging, OffsetPaging, Paging } from './connector/paging.ts';
export type { PollAnswer, PollCall, PolledEvent, PollingDeclaration } from './connector/polling-declaration.ts';
export type { BodyStream, FormPart, RequestBodyKinds } from './connector/request-body.ts';
export type { ResolvedAction } from './connector/resolve-action.ts';
export type { ResolvedTrigger } from './connector/resolve-trigger.ts';
export type { ResourceField, ResourceKind, ResourcePath, ResourceUse, ResourceUses } from './connector/resource-kind.ts';
export type { SoapOptions, XmlElement, XmlValue } from './connector/soap-options.ts';
export type { AppInstallationAuth, ClientCredentialsAuth, ServiceAccountAuth } from './connector/token-auth.ts';
export type {
  RequestChange,
  RequestTransform,
  ResponseTransform,
  TransformableRequest,
  TransformableResponse,
  Transforms,
} from './connector/transform.ts';
export type { TriggerContext } from './connector/trigger-definition.ts';
export type { DeliveryId } from './connector/webhook-declaration.ts';
export type {
  HeldSubscription,
  KnownSubscription,
  ListedSubscription,
  SubscriptionCall,
  WantedSubscription,
  WebhookSubscriptions,
} from './connector/webhook-subscriptions.ts';
export type {
  AppEndpoints,
  ConnectionCheck,
  ConnectorChoices,
  ContentSyncRecord,
  ReconnectAskedRecord,
} from './contracts/configuration-records.ts';
export type { LimitDeclaration } from './contracts/limit-declaration.ts';
export type { Plan, PlanPolicy } from './contracts/plan-policy.ts';
export type { ScriptFault, ScriptPosition, ScriptResult, ScriptRun, ScriptRunner } from './contracts/script-runner.ts';
export type {
  ContentPlace,
  SearchDelete,
  SearchDeleteAll,
  SearchDeleteOthers,
  SearchDocument,
  SearchIndex,
  SearchPut,
} from './contracts/search-index.ts';
export type { RegistrationRules, SubscriptionStatus } from './contracts/webhook-records.ts';
export type { WorkerFigures } from './dispatch/dispatcher-options.ts';
export type { EgressOptions } from './egress-options.ts';
export type { ErrorExample, ErrorTraits } from './error-groups/error-group.ts';
export type { ErrorClassification } from './errors/error-class.ts';
export type { PatchbayErrorInput, Sent } from './errors/patchbay-error.ts';
export type { Enrichment, EventClass, Severity } from './event/hub-event.ts';
export type { PublishResult } from './events/create-publisher.ts';
export type { LimitSource } from './gateway/limits/bucket.ts';
export type { KnownService } from './gateway/limits/known-limits.ts';
export type { RateLimitStatus } from './gateway/limits/limit-status.ts';
export type { LimitReader, RateLimits } from './gateway/limits/rate-limits.ts';
export type { LimitHeaders } from './gateway/limits/read-header-limit.ts';
export type { ResetForm } from './gateway/limits/reset-form.ts';
export type { LoggedRequest } from './gateway/request-log/logged-request.ts';
export type { AwsSigV4Options } from './gateway/signing/aws-sigv4.ts';
export type {
  RequestSigner,
  SignedHeaders,
  SignerAnswer,
  SignerCall,
  SignerField,
  SignerInput,
  SigningMaterial,
  SigningRequest,
} from './gateway/signing/request-signer.ts';
export type { CallClass } from './health/call-class.ts';
export type { LoggedCheck } from './health/check-log.ts';
export type { HealthLevel } from './health/health-level.ts';
export type { BreakerPosition } from './health/health-signals.ts';
export type { HealthTrend } from './health/health-trend.ts';
export type { HealthWarning } from './health/health-warning.ts';
export type { ScorePart } from './health/score-parts.ts';
export type { WarningReason } from './health/warning-reason.ts';
export type { HealthOptions } from './health-options.ts';
export * from './host-automation.ts';
export type * from './host-tenant.ts';
export type { ConnectionFacts, Handler } from './http/create-handler.ts';
export type { NodeHandler, NodeRequest } from './http/create-node-handler.ts';
export type { AppSecret, CredentialOptions, ResponseCacheOptions } from './hub-options.ts';
export type { LogFields } from './logger/logger.ts';
export type { AlertNotices } from './notices/alert-notices.ts';
export type { ConnectionNotices } from './notices/connection-notices.ts';
export type { ContentNotices } from './notices/content-notices.ts';
export type { TriggerNotices } from './notices/trigger-notices.ts';
export type { WebhookNotices } from './notices/webhook-notices.ts';
export type { Alert } from './notifications/alert.ts';
export type { AlertAct } from './notifications/alert-journal.ts';
export type { ChannelRoom } from './notifications/alert-parts.ts';
export type {
  AlertChannel,
  AlertFilter,
  AlertLevel,
  AlertRuleDefinition,
  AlertRuleInput,
  AlertScope,
  AlertSeverity,
  AlertSignalName,
  AlertThreshold,
} from './notifications/alert-rule.ts';
export type { AlertSubject } from './notifications/alert-signal.ts';
export type { AlertEnd, AlertFacts } from './notifications/alert-state.ts';
export type { AlertChannelFunction, AlertTelling } from './notifications/create-host-channel-executor.ts';
export type { Suppression, SuppressionMatch } from './notifications/suppression.ts';
export type { TellingKind } from './notifications/tell.ts';
export type { RequestLogOptions } from './request-log-options.ts';
export type { ResilienceOptions } from './resilience-options.ts';
export type { ScheduleOptions } from './schedule-options.ts';
export type { Secret } from './secret/secret.ts';
export type { SubscribeOptions } from './subscribers.ts';
export type { TelemetryOptions } from './telemetry/telemetry-options.ts';
export type { TurnResult } from './turn-result.ts';
export type { WrapInput, WrappedDataKey } from './vault/key-provider.ts';
export type { KeyVersion, KeyVersions } from './vault/tenant-keys.ts';
export type { WebhookOptions } from './webhook-options.ts';
export type { DoorRates } from './webhooks/inbound/door/door-limits.ts';
export type { RequestRate } from './webhooks/inbound/door/token-buckets.ts';
export type {
  ReceiverDefinition,
  ReceiverDeliveryId,
  ReceiverExpression,
  ReceiverFormat,
} from './webhooks/inbound/receivers/receiver-definition.ts';
export type { RegistrationFinding } from './webhooks/inbound/reconcile-registrations.ts';
export type { EndpointInput } from './webhooks/outbound/endpoint-input.ts';
export type { Exchange } from './webhooks/outbound/exchange.ts';
export type { WebhookInput } from './webhooks/outbound/webhook-input.ts';
