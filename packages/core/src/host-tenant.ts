// Types of what a tenant's and an operator's handle take and give.
export type { FirstStep, FirstSteps } from './automation/first-steps.ts';
export type { RehearsalInput, RehearsedRun, RehearsedStep } from './automation/rehearse.ts';
export type { FiredTick, MissedRun } from './scheduling/schedule-state.ts';
export type { ActionOptions, ActionOptionsRequest } from './tenant/action-options.ts';
export type { ActionRequest, ActionsApi, MappedRequest } from './tenant/actions-api.ts';
export type { AlertHistoryEntry, AlertHistoryQuery } from './tenant/alert-history.ts';
export type { AlertRule } from './tenant/alert-rule-row.ts';
export type { SuppressionInput } from './tenant/alert-suppressions.ts';
export type { AlertsApi } from './tenant/alerts-api.ts';
export type { ReconnectAsked, ReconnectRequest } from './tenant/ask-to-reconnect.ts';
export type { AuditApi, AuditedAct, AuditQuery, VerifyOptions } from './tenant/audit-api.ts';
export type { AutomationAnalytics, AutomationAnalyticsRequest } from './tenant/automation-analytics.ts';
export type { AutomationSchedule } from './tenant/automation-schedule.ts';
export type { AutomationVerdict } from './tenant/automation-verdict.ts';
export type { Automation } from './tenant/automation-view.ts';
export type { AutomationsApi } from './tenant/automations-api.ts';
export type { BreakerStatus } from './tenant/breaker-status.ts';
export type { TenantsReplayRequest, TenantsRetryRequest } from './tenant/bulk-over-tenants.ts';
export type { BulkRequest } from './tenant/bulk-request.ts';
export type { TargetReference } from './tenant/bulk-target.ts';
export type { ChangeOptions } from './tenant/change-choices.ts';
export type { TenantActor } from './tenant/check-actor.ts';
export type { ConnectionHealth } from './tenant/check-health.ts';
export type { TimeWindow } from './tenant/check-window.ts';
export type { CompareRequest, EventDifference, VersionComparison, VersionVerdict } from './tenant/compare-versions.ts';
export type { ConfigurationApi, ConnectorConfiguration, Switch } from './tenant/configuration-api.ts';
export type { ConfiguredConnector } from './tenant/configured-connectors.ts';
export type { ConnectionPause } from './tenant/connection-pause.ts';
export type { ConnectionScopes, NeededScope } from './tenant/connection-scopes.ts';
export type { SiteInput } from './tenant/connection-sites.ts';
export type { ConnectionsApi } from './tenant/connections-api.ts';
export type { ContentApi, OfferedContent } from './tenant/content-api.ts';
export type { ContentError, ContentStatus, ContentSync } from './tenant/content-view.ts';
export type { TenantOptions } from './tenant/create-tenant-handle.ts';
export type { DeadLetter } from './tenant/dead-letters.ts';
export type { DeliveriesApi } from './tenant/deliveries-api.ts';
export type { DeliveriesSoFar } from './tenant/deliveries-so-far.ts';
export type { DeliveryFilter } from './tenant/delivery-filter.ts';
export type { Delivery, DeliveryAttempt, DeliveryDetail } from './tenant/delivery-view.ts';
export type { DeprecatedThing, DeprecatedUse } from './tenant/deprecated-uses.ts';
export type { DisconnectManyRequest } from './tenant/disconnect-many.ts';
export type { DispatchesApi, DispatchFilter, HeldResolution } from './tenant/dispatches-api.ts';
export type { DryRunEvents, DryRunOfEvent, DryRunReport, DryRunRequest } from './tenant/dry-run.ts';
export type { SampleEvent } from './tenant/dry-run-sample.ts';
export type { SecretRotation } from './tenant/endpoint-secrets.ts';
export type { DeliveryFigures, EndpointStatistics, TypeFigures } from './tenant/endpoint-statistics.ts';
export type { Endpoint } from './tenant/endpoint-view.ts';
export type { EndpointsApi } from './tenant/endpoints-api.ts';
export type { EnrichHistoryRequest, EnrichmentRun, EnrichmentTally } from './tenant/enrich-history.ts';
export type { EventEnrichment } from './tenant/enrichment-view.ts';
export type { EnrichmentsApi, OfferedEnricher } from './tenant/enrichments-api.ts';
export type { ErrorFilter, ErrorGroup, ErrorsApi } from './tenant/errors-api.ts';
export type { SharedErrorGroup, SharedErrors, TenantsErrorRequest } from './tenant/errors-over-tenants.ts';
export type { AnyEventsApi, EventsApi, EventsOf, ReplayRequest } from './tenant/events-api.ts';
export type { Evidence, EvidenceApi, EvidenceOptions, EvidenceReport } from './tenant/evidence-api.ts';
export type { BuiltInRequest } from './tenant/execute-built-in.ts';
export type { EventExplanation, ExplainOptions } from './tenant/explain-event.ts';
export type { FlagState, FlagsApi } from './tenant/flags-api.ts';
export type { FormLink, FormLinkOptions } from './tenant/form-link.ts';
export type { HealthHistoryRequest } from './tenant/health-history.ts';
export type { HealthCounts, HealthRates, HealthSummary, HealthSummaryRequest } from './tenant/health-summary.ts';
export type { HealthView } from './tenant/health-view.ts';
export type { ConnectorChange } from './tenant/history-of-choices.ts';
export type { ImportProgress, ImportRequest, ImportResult } from './tenant/import-secrets.ts';
export type { KeptDeliveriesApi, KeptDelivery, KeptDeliveryDetail } from './tenant/kept-deliveries-api.ts';
export type { KeptDeliveryFilter } from './tenant/kept-delivery-filter.ts';
export type { Mapping } from './tenant/mapping-view.ts';
export type { MappingPreview, MappingsApi } from './tenant/mappings-api.ts';
export type { MigrationReport, MigrationRequest } from './tenant/migrate-connection.ts';
export type { MigrationFinding, MigrationFindings } from './tenant/migration-finding.ts';
export type { MissingForTemplate } from './tenant/missing-for-template.ts';
export type { App, ConnectedAccount, OAuthApi } from './tenant/oauth-api.ts';
export type { ConnectorFilter, OperatedTenant } from './tenant/operated-tenant.ts';
export type {
  EndedCounts,
  LaneCounts,
  OperatedTenants,
  TenantCounts,
  TenantHealthPage,
  TenantsPage,
  TenantsSummary,
  TenantsSummaryRequest,
} from './tenant/operated-tenants.ts';
export type { OperatorHandle, OperatorOptions } from './tenant/operator-api.ts';
export type { ConnectionFilter } from './tenant/page-connections.ts';
export type { RegistrationFilter } from './tenant/page-registrations.ts';
export type { PauseRequest } from './tenant/pause-connection.ts';
export type { PlanApi } from './tenant/plan-api.ts';
export type { PressOptions } from './tenant/press-button.ts';
export type { JoiningOptions, PublishOptions, PublishOptionsOf } from './tenant/publish-event.ts';
export type { ContentInput, ContentReference } from './tenant/put-content.ts';
export type { PutEndpoint } from './tenant/put-endpoint.ts';
export type { EnrichmentInput } from './tenant/put-enrichment.ts';
export type { QueuedAction } from './tenant/queued-action.ts';
export type { ListOptions, Page } from './tenant/read-cursor.ts';
export type { Receiver, ReceiverDetail, ReceiverInput, ReceiverRotation, ReceiversApi } from './tenant/receivers-api.ts';
export type { EventWindow } from './tenant/recent-events.ts';
export type { ReconcileRequest, ReconcileResult } from './tenant/reconcile.ts';
export type { JoiningChange, RecordChange, RecordChangeOf } from './tenant/record-changed.ts';
export type { RecordsApi, RecordTypeView } from './tenant/records-api.ts';
export type { DeliveryReplay, DeliveryReplayRequest, DeliveryRetryRequest } from './tenant/redeliver.ts';
export type { Refusal } from './tenant/refusal.ts';
export type { RegistrationInput } from './tenant/register.ts';
export type { RegistrationRulesInput } from './tenant/registration-rules-input.ts';
export type { Registration, RegistrationDetail } from './tenant/registration-view.ts';
export type { KeptReplayProgress, KeptReplayRequest, KeptReplayResult } from './tenant/replay-kept.ts';
export type { ReplayManyRequest } from './tenant/replay-many-request.ts';
export type { ReplayResult } from './tenant/replay-result.ts';
export type { ReplayManyResult, ReplayProgress, ReplaySample, TargetCount } from './tenant/replay-tally.ts';
export type { GatewayRequest, StreamedGatewayRequest } from './tenant/request.ts';
export type { RequestEntry, RequestFilter, RequestsApi } from './tenant/requests-api.ts';
export type { RetryManyRequest } from './tenant/retry-many-request.ts';
export type { RetryManyResult, RetryProgress, RetrySample } from './tenant/retry-tally.ts';
export type { RewrapOptions, RewrapResult } from './tenant/rewrap-tenant.ts';
export type { RotationInput } from './tenant/rotate-credential.ts';
export type { WebhookRotation } from './tenant/rotate-webhook-secret.ts';
export type { RunFilter, RunsApi } from './tenant/runs-api.ts';
export type { StartedRun } from './tenant/start-automation.ts';
export type { StoredEvent } from './tenant/stored-event.ts';
export type { Templated } from './tenant/templated.ts';
export type { ExportOptions, FromTemplate, TemplateCheck, TemplateFilling, TemplatesApi } from './tenant/templates-api.ts';
export type { TenantDeadLetter } from './tenant/tenant-dead-letters.ts';
export type { TenantHealth } from './tenant/tenant-health.ts';
export type { TenantDeprecation, TenantDeprecationPage } from './tenant/tenants-deprecations.ts';
export type { SentTest, TestEvent } from './tenant/test-endpoint.ts';
export type {
  ActionInput,
  ActionName,
  AutomationStep,
  BuiltInStep,
  ConnectorEventType,
  EscalationOf,
  HostEventType,
  ReceiverEventType,
  StepOf,
  StepWithoutConnection,
} from './tenant/typed-automation.ts';
export type { BuiltInInput, BuiltInInputs, BuiltInName } from './tenant/typed-built-in.ts';
export type { ConfigurationInput, ConfigurationOutput, ConnectorId, FlagName } from './tenant/typed-configuration.ts';
export type { RecordTypeOf } from './tenant/typed-records.ts';
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
