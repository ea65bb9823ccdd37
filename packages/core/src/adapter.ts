export type { Clock, Timer } from './clock/clock.ts';
export { systemClock } from './clock/system-clock.ts';
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
  CredentialRecord,
  EndpointRecord,
  EndpointSecretRecord,
  NamedSecretRecord,
  PreviousCredentialRecord,
  ReceiverRecord,
  RegistrationRecord,
  RegistrationSecretRecord,
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
  AmendItem,
  AmendVerdict,
  BirthLease,
  CancelRunRequest,
  ClaimRequest,
  EventMark,
  HotStore,
  IngestItem,
  IngestVerdict,
  LaneName,
  Plan,
  Revision,
  RoutingPage,
  RunChange,
  SettleItem,
  Settlement,
  SettleVerdict,
} from './contracts/hot-store.ts';
export { inProcessQueue } from './contracts/in-process-queue.ts';
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
export type { StateEntry, StatePage, StateStore, StateWrite } from './contracts/state-store.ts';
export type { Storage, StorageCapabilities } from './contracts/storage.ts';
export type { TenantsRequest } from './contracts/tenants-request.ts';
export type { ErrorRecord } from './errors/error-record.ts';
export type { FillRandom, GenerateId } from './id/generate-id.ts';
export { uuidGenerator } from './id/generate-id.ts';
