import type { Json } from '@patchbay/core';
import type {
  AttemptRecord,
  ClaimedDispatch,
  Considered,
  DispatchKey,
  DispatchStatus,
  ErrorRecord,
  EventMark,
  GateReason,
  IngestItem,
  JournalEntry,
  NewDispatch,
  NewRun,
  Revision,
  RoutingPage,
  RunStatus,
  SettleItem,
  Storage,
} from '@patchbay/core/adapter';

/** What a step of the model acts on besides the model. */
export interface ModelStage {
  readonly storage: Storage;
  advance(ms: number): Promise<void>;
}

/** All times in the model are whole ticks, so that a store whose clock runs on (by less than a tick in all) agrees with it. Milliseconds. */
export const tick = 60_000;

/** The last thing done to a dispatch: what tells a repeated call from a late one. */
export type LastWrite =
  | { readonly by: 'settle'; readonly item: SettleItem }
  | { readonly by: 'defer'; readonly fence: number }
  | { readonly by: 'amend'; readonly text: string }
  | null;

/** A recorded outcome as it should be. */
export interface ModelAttempt extends Pick<AttemptRecord, 'number' | 'round' | 'outcome' | 'holder' | 'fence'> {
  /** Recorded by a takeover, not by its holder. */
  readonly crash: boolean;
}

/** A dispatch as it should be. Times are milliseconds since the model began. */
export interface ModelDispatch {
  readonly given: NewDispatch;
  /** Of its turn, where it has an ordering. */
  readonly number: number;
  status: DispatchStatus;
  dueAt: number;
  handle: string | null;
  fence: number;
  holder: string | null;
  leaseUntil: number;
  /** Holder of the lease that it was born with, while that lasts. */
  born: string | null;
  round: number;
  attempts: number;
  crashes: number;
  lastAttempt: number;
  sent: boolean;
  inFlightSince: number | null;
  markedFirst: boolean;
  unknownSince: number | null;
  output: string | null;
  error: ErrorRecord | null;
  /** Undefined while it is leased, where the contract says nothing. */
  reason: string | null | undefined;
  readonly log: ModelAttempt[];
  last: LastWrite;
}

/** A run as it should be. */
export interface ModelRun {
  readonly given: NewRun;
  status: RunStatus;
  state: string;
  error: ErrorRecord | null;
  /** As the store has said; it only grows. */
  revision: number;
}

/** A routing mark as it should be. */
export interface ModelMark {
  readonly inOrder: boolean;
  fence: number;
  leaseUntil: number | null;
  routed: number;
  lastPage: { readonly from: number; readonly to: number; readonly fence: number } | null;
  ended: boolean;
}

/** An event or a direct call with all below it. */
export interface ModelRoot {
  readonly tenant: string;
  readonly id: string;
  readonly event: boolean;
  considered: readonly Considered[];
  readonly mark: ModelMark | null;
  readonly runs: ModelRun[];
  readonly dispatches: ModelDispatch[];
}

/** A closed lane. */
export interface ModelGate {
  readonly tenant: string;
  readonly lane: string;
  readonly reason: GateReason;
  readonly until: number;
}

/** A configured row. */
export interface ModelRow {
  readonly scope: string;
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly pattern: string;
}

/** What a tenant's audit should hold: ids that wait, and the chain from its first record on. */
export interface ModelTrail {
  readonly waiting: string[];
  readonly chain: { readonly id: string; readonly hash: string }[];
  /** Records from the beginning that were taken away. */
  base: number;
}

/** The whole store as it should be: lists that are searched from end to end, so that nothing in it can be wrong in a clever way. */
export interface Model {
  /** The store's time when the model began. */
  readonly origin: number;
  now: number;
  serial: number;
  /** Numbers given to turns. */
  numbers: number;
  /** The number that has each ordering key. */
  readonly turns: Map<string, number>;
  readonly roots: ModelRoot[];
  readonly keys: { readonly tenant: string; readonly key: string; readonly root: string; readonly hash: string | null }[];
  gates: ModelGate[];
  rows: ModelRow[];
  readonly revisions: Map<string, number>;
  readonly leases: Map<string, { holder: string | null; fence: number; until: number }>;
  readonly batches: Set<string>;
  readonly counts: Map<string, number>;
  /** By tenant and name. */
  readonly states: Map<string, { readonly version: number; readonly value: Json }>;
  /** Entries of the journal that are kept. */
  journal: JournalEntry[];
  readonly trails: Map<string, ModelTrail>;
  /** What was handed out or sent in, to be used again later, rightly or too late. */
  readonly items: IngestItem[];
  readonly claimed: ClaimedDispatch[];
  readonly settled: SettleItem[];
  readonly marks: EventMark[];
  readonly pages: RoutingPage[];
}

/** Makes the model of an empty store. */
export const createModel = (origin: number): Model => ({
  origin,
  now: 0,
  serial: 0,
  numbers: 0,
  turns: new Map(),
  roots: [],
  keys: [],
  gates: [],
  rows: [],
  revisions: new Map(),
  leases: new Map(),
  batches: new Set(),
  counts: new Map(),
  states: new Map(),
  journal: [],
  trails: new Map(),
  items: [],
  claimed: [],
  settled: [],
  marks: [],
  pages: [],
});

/** The next id, a uuid of version 7, in order. */
export function nextId(model: Model): string {
  model.serial += 1;
  return `0198a000-0000-7000-8000-${model.serial.toString(16).padStart(12, '0')}`;
}

/** The audit of a tenant. */
export function trailOf(model: Model, tenant: string): ModelTrail {
  const trail = model.trails.get(tenant) ?? { waiting: [], chain: [], base: 0 };
  model.trails.set(tenant, trail);
  return trail;
}

/** The element that a random number stands for, or undefined in an empty list. Small numbers stand for the newest. */
export const pick = <Element>(list: readonly Element[], choice: number): Element | undefined =>
  list[list.length - 1 - (choice % list.length)];

/** The root of a key. */
export const modelRoot = (model: Model, key: { readonly tenant: string; readonly root: string }): ModelRoot | undefined =>
  model.roots.find((root) => root.tenant === key.tenant && root.id === key.root);

/** The dispatch of a key. */
export const modelDispatch = (model: Model, key: DispatchKey): ModelDispatch | undefined =>
  modelRoot(model, key)?.dispatches.find(
    ({ given }) => given.key.target === key.target && given.key.replay === key.replay && given.key.path === key.path,
  );

/** The run of a key. */
export const modelRun = (model: Model, key: NewRun['key']): ModelRun | undefined =>
  modelRoot(model, key)?.runs.find(({ given }) => given.key.automation === key.automation && given.key.replay === key.replay);

/** Every dispatch. */
export const allDispatches = (model: Model): ModelDispatch[] => model.roots.flatMap((root) => root.dispatches);

/** The revisions now. */
export const modelRevision = (model: Model, tenant: string): Revision => ({
  hub: model.revisions.get('') ?? 0,
  tenant: model.revisions.get(tenant) ?? 0,
});

/** When the lane is open again; `now` or earlier: it is open. */
export const opensAt = (model: Model, tenant: string, lane: string): number =>
  Math.max(0, ...model.gates.filter((gate) => gate.tenant === tenant && gate.lane === lane).map((gate) => gate.until));

/** True while no gate closes the lane. */
export const laneIsOpen = (model: Model, { given }: ModelDispatch): boolean => opensAt(model, given.key.tenant, given.lane) <= model.now;
