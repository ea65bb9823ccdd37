export type { Clock, Timer } from './clock/clock.ts';
export { systemClock } from './clock/system-clock.ts';
export type { AlertRuleRecord } from './contracts/alert-records.ts';
export type { AmendItem, AmendVerdict, CancelRunRequest } from './contracts/amendments.ts';
export type {
  AuditActor,
  AuditEntry,
  AuditFilter,
  AuditOutcome,
  AuditRecord,
  AuditStore,
  ChainPoint,
  ChainState,
  ExpiredRequest,
  ListedRecord,
  PruneRequest,
  PruneVerdict,
  SealedRecord,
  SealItem,
  SealVerdict,
  UnsealedRecords,
} from './contracts/audit-store.ts';
export type { ClaimRequest, LaneName } from './contracts/claim-request.ts';
export type {
  AppEndpoints,
  AppRecord,
  AutomationRecord,
  AutomationVersionRecord,
  ConnectionCheck,
  ConnectionRecord,
  ConnectionStatus,
  ConnectorChangeRecord,
  ConnectorChoices,
  ConnectorConfigurationRecord,
  ContentSyncRecord,
  CredentialRecord,
  EnrichmentRecord,
  MappingRecord,
  MappingVersionRecord,
  NamedSecretRecord,
  PreviousCredentialRecord,
  ReconnectAskedRecord,
  SubscriberRecord,
  TenantKeyRecord,
} from './contracts/configuration-records.ts';
export {
  type Change,
  type ConfigurationChanges,
  type ConfigurationKind,
  type ConfigurationKinds,
  type ConfigurationSnapshot,
  type ConfigurationStore,
  hubScope,
  type Row,
  type RowPage,
  type WriteOptions,
  type WriteVerdict,
} from './contracts/configuration-store.ts';
export type {
  CounterDelta,
  CounterStore,
  DayCount,
  Gate,
  GateReason,
  GateStore,
  LeaseStore,
  NamedLease,
} from './contracts/control-stores.ts';
export type {
  AttemptRecord,
  ClaimedDispatch,
  Considered,
  DispatchKey,
  DispatchRecord,
  DispatchStatus,
  EventRecord,
  NewDispatch,
  NewRun,
  Ordering,
  OrderingRecord,
  Payload,
  RunKey,
  RunRecord,
  RunStatus,
  WorkClass,
} from './contracts/dispatch-records.ts';
export type { FlowRecord, FlowStore } from './contracts/flow-store.ts';
export type { DeferItem, FenceVerdict, Held } from './contracts/held.ts';
export type { DispatchFilter, EventFilter, HistoryPage, HistoryStore, PageRequest } from './contracts/history-store.ts';
export type {
  AdditionVerdict,
  BirthLease,
  EventAddition,
  EventMark,
  HotStore,
  IngestItem,
  IngestState,
  IngestVerdict,
  Plan,
  Revision,
  RoutingPage,
  SettleItem,
  Settlement,
  SettleVerdict,
} from './contracts/hot-store.ts';
export { inProcessQueue } from './contracts/in-process-queue.ts';
export { checkJournalPrune, checkJournalQuery, type JournalRow, journalRows } from './contracts/journal-bounds.ts';
export type { JournalEntry, JournalPage, JournalPrune, JournalQuery, JournalStore } from './contracts/journal-store.ts';
export type { Queue, Wake } from './contracts/queue.ts';
export type {
  FullReceipt,
  KeepRequest,
  KeepVerdict,
  KeptReceipt,
  ReceiptCount,
  ReceiptFilter,
  ReceiptStore,
} from './contracts/receipt-store.ts';
export { fullRetention, type Retention } from './contracts/retention.ts';
export type { RunChange } from './contracts/run-change.ts';
export type { StateEntry, StatePage, StateStore, StateVerdict, StateWrite } from './contracts/state-store.ts';
export type { Storage, StorageCapabilities } from './contracts/storage.ts';
export type { TenantsRequest } from './contracts/tenants-request.ts';
export type {
  EndpointRecord,
  EndpointSecretRecord,
  ReceiverRecord,
  RegistrationRecord,
  RegistrationRules,
  RegistrationSecretRecord,
  SubscriptionRecord,
} from './contracts/webhook-records.ts';
export type { ErrorRecord } from './errors/error-record.ts';
export type { FillRandom, GenerateId } from './id/generate-id.ts';
export { uuidGenerator } from './id/generate-id.ts';
