export type { RetryFigures } from './actions/action-policy.ts';
export type { ChainKeys } from './audit/chain-hash.ts';
export type { Checkpoint } from './audit/checkpoint.ts';
export type { CheckpointOptions } from './audit/checkpoint-writer.ts';
export type { ChainBreak, ChainFault, ChainReport } from './audit/verify-chain.ts';
export type { AuditOptions } from './audit-options.ts';
export type {
  ActionStep,
  AutomationDefinition,
  Escalation,
  EventTrigger,
  ManualTrigger,
  OrderingRule,
  Step,
} from './automation/automation-definition.ts';
export type { BeginConnectInput, BegunConnect } from './connections/begin-connect.ts';
export type { CompleteConnectInput } from './connections/complete-connect.ts';
export type { ConnectFailure } from './connections/connect-failed.ts';
export type { Connection } from './connections/connection.ts';
export type { AppInput } from './connections/put-app.ts';
export type { RewrapProgress } from './connections/rewrap-sealed.ts';
export type { ConnectionChanges } from './connections/update-connection.ts';
export type { ClientCredential, InstallationCredential } from './connector/auth-method.ts';
export type { ChallengeDeclaration, CloudEventsChallenge, EchoChallenge } from './connector/challenge-declaration.ts';
export type { ConfigurationReader, NoConfiguration, TenantChoices } from './connector/configuration-reader.ts';
export type { ConfirmationDeclaration } from './connector/confirmation-declaration.ts';
export type { HealthCall } from './connector/connector-definition.ts';
export type { HttpAnswer } from './connector/connector-http.ts';
export type { ConnectorRegistry } from './connector/create-registry.ts';
export type { FlagDeclaration, Flags, FlagValues, NoFlags } from './connector/flag-declaration.ts';
export type { Confinement } from './connector/leaves-confinement.ts';
export type { ConnectorCategory, FlagManifest } from './connector/manifest.ts';
export type { ResolvedAction } from './connector/resolve-action.ts';
export type { ResolvedTrigger } from './connector/resolve-trigger.ts';
export type { ResourceField, ResourceKind, ResourcePath, ResourceUse, ResourceUses } from './connector/resource-kind.ts';
export type { AppInstallationAuth, ClientCredentialsAuth, ServiceAccountAuth } from './connector/token-auth.ts';
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
  RegistrationRules,
  SubscriptionStatus,
} from './contracts/configuration-records.ts';
export type { Plan, PlanPolicy } from './contracts/plan-policy.ts';
export type { WorkerFigures } from './dispatch/dispatcher-options.ts';
export type { EgressOptions } from './egress-options.ts';
export type { PatchbayErrorInput, Sent } from './errors/patchbay-error.ts';
export type { EventClass, Severity } from './event/hub-event.ts';
export type { PublishResult } from './events/create-publisher.ts';
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
export type { ConnectionFacts, Handler } from './http/create-handler.ts';
export type { NodeHandler, NodeRequest } from './http/create-node-handler.ts';
export type { AppSecret, CredentialOptions } from './hub-options.ts';
export type { LogFields } from './logger/logger.ts';
export type {
  CelCondition,
  Comparison,
  FieldCondition,
  ItemCondition,
  ItemFieldCondition,
  Operator,
  OrderOperator,
  Scalar,
} from './rules/condition.ts';
export type {
  ActualValue,
  AlwaysReport,
  CelReport,
  ConditionReport,
  FieldReport,
  GroupReport,
  ItemsReport,
  NotReport,
} from './rules/condition-report.ts';
export type { Secret } from './secret/secret.ts';
export type { SubscribeOptions } from './subscribers.ts';
export type { ActionRequest, ActionsApi, QueuedAction } from './tenant/actions-api.ts';
export type { AuditApi, AuditedAct, AuditQuery, VerifyOptions } from './tenant/audit-api.ts';
export type { Automation } from './tenant/automation-view.ts';
export type { AutomationsApi } from './tenant/automations-api.ts';
export type { TenantsReplayRequest, TenantsRetryRequest } from './tenant/bulk-over-tenants.ts';
export type { BulkRequest } from './tenant/bulk-request.ts';
export type { TargetReference } from './tenant/bulk-target.ts';
export type { ChangeOptions } from './tenant/change-choices.ts';
export type { TenantActor } from './tenant/check-actor.ts';
export type { ConnectionHealth } from './tenant/check-health.ts';
export type { TimeWindow } from './tenant/check-window.ts';
export type { ConfigurationApi, ConnectorConfiguration, Switch } from './tenant/configuration-api.ts';
export type { ConfiguredConnector } from './tenant/configured-connectors.ts';
export type { ConnectionScopes, NeededScope } from './tenant/connection-scopes.ts';
export type { SiteInput } from './tenant/connection-sites.ts';
export type { ConnectionsApi } from './tenant/connections-api.ts';
export type { TenantOptions } from './tenant/create-tenant-handle.ts';
export type { DeadLetter } from './tenant/dead-letters.ts';
export type { DeliveriesApi } from './tenant/deliveries-api.ts';
export type { DeliveriesSoFar } from './tenant/deliveries-so-far.ts';
export type { DeliveryFilter } from './tenant/delivery-filter.ts';
export type { Delivery, DeliveryAttempt, DeliveryDetail } from './tenant/delivery-view.ts';
export type { DisconnectManyRequest } from './tenant/disconnect-many.ts';
export type { DispatchesApi, DispatchFilter, HeldResolution } from './tenant/dispatches-api.ts';
export type { SecretRotation } from './tenant/endpoint-secrets.ts';
export type { DeliveryFigures, EndpointStatistics, TypeFigures } from './tenant/endpoint-statistics.ts';
export type { Endpoint } from './tenant/endpoint-view.ts';
export type { EndpointsApi } from './tenant/endpoints-api.ts';
export type { AnyEventsApi, EventsApi, EventsOf, ReplayRequest } from './tenant/events-api.ts';
export type { AutomationVerdict, EventExplanation } from './tenant/explain-event.ts';
export type { FlagState, FlagsApi } from './tenant/flags-api.ts';
export type { ConnectorChange } from './tenant/history-of-choices.ts';
export type { ImportProgress, ImportRequest, ImportResult } from './tenant/import-secrets.ts';
export type { KeptDeliveriesApi, KeptDelivery, KeptDeliveryDetail } from './tenant/kept-deliveries-api.ts';
export type { KeptDeliveryFilter } from './tenant/kept-delivery-filter.ts';
export type { App, ConnectedAccount, OAuthApi } from './tenant/oauth-api.ts';
export type { ConnectorFilter, OperatedTenant } from './tenant/operated-tenant.ts';
export type { EndedCounts, LaneCounts, OperatedTenants, TenantCounts, TenantsPage } from './tenant/operated-tenants.ts';
export type { OperatorHandle, OperatorOptions } from './tenant/operator-api.ts';
export type { ConnectionFilter } from './tenant/page-connections.ts';
export type { RegistrationFilter } from './tenant/page-registrations.ts';
export type { PlanApi } from './tenant/plan-api.ts';
export type { JoiningOptions, PublishOptions, PublishOptionsOf } from './tenant/publish-event.ts';
export type { PutEndpoint } from './tenant/put-endpoint.ts';
export type { ListOptions, Page } from './tenant/read-cursor.ts';
export type { Receiver, ReceiverDetail, ReceiverInput, ReceiverRotation, ReceiversApi } from './tenant/receivers-api.ts';
export type { ReconcileRequest, ReconcileResult } from './tenant/reconcile.ts';
export type { DeliveryReplay, DeliveryReplayRequest, DeliveryRetryRequest } from './tenant/redeliver.ts';
export type { Refusal } from './tenant/refusal.ts';
export type { RegistrationInput } from './tenant/register.ts';
export type { RegistrationRulesInput } from './tenant/registration-rules-input.ts';
export type { Registration, RegistrationDetail } from './tenant/registration-view.ts';
export type { KeptReplayProgress, KeptReplayRequest, KeptReplayResult } from './tenant/replay-kept.ts';
export type { ReplayManyRequest } from './tenant/replay-many-request.ts';
export type { ReplayResult } from './tenant/replay-result.ts';
export type { ReplayManyResult, ReplayProgress, ReplaySample, TargetCount } from './tenant/replay-tally.ts';
export type { GatewayRequest } from './tenant/request.ts';
export type { RetryManyRequest } from './tenant/retry-many-request.ts';
export type { RetryManyResult, RetryProgress, RetrySample } from './tenant/retry-tally.ts';
export type { RewrapOptions, RewrapResult } from './tenant/rewrap-tenant.ts';
export type { RotationInput } from './tenant/rotate-credential.ts';
export type { WebhookRotation } from './tenant/rotate-webhook-secret.ts';
export type { StartedRun } from './tenant/run-automation.ts';
export type { RunFilter, RunsApi } from './tenant/runs-api.ts';
export type { StoredEvent } from './tenant/stored-event.ts';
export type { TenantDeadLetter } from './tenant/tenant-dead-letters.ts';
export type { TenantHealth } from './tenant/tenant-health.ts';
export type { SentTest, TestEvent } from './tenant/test-endpoint.ts';
export type {
  ActionInput,
  ActionName,
  ConnectorEventType,
  EscalationOf,
  HostEventType,
  ReceiverEventType,
  StepOf,
  Templated,
} from './tenant/typed-automation.ts';
export type { ConfigurationInput, ConfigurationOutput, ConnectorId, FlagName } from './tenant/typed-configuration.ts';
export type { RegistrationChanges } from './tenant/update-registration.ts';
export type { VaultApi } from './tenant/vault-api.ts';
export type { VaultSecret, VaultSecretInput } from './tenant/vault-secrets.ts';
export type { TenantFailure, TenantsProgress, TenantWalk } from './tenant/walk-tenants.ts';
export type {
  AnalyticsRequest,
  TimeCounts,
  WebhookAnalytics,
  WebhookCounts,
  WebhookFigures,
} from './tenant/webhook-analytics.ts';
export type { WebhooksApi } from './tenant/webhooks-api.ts';
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
