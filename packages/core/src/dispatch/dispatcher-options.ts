import type { Clock } from '../clock/clock.ts';
import type { Advancer } from '../contracts/advancer.ts';
import type { GateStore } from '../contracts/control-stores.ts';
import type { ClaimedDispatch } from '../contracts/dispatch-records.ts';
import type { Executor } from '../contracts/executor.ts';
import type { HistoryStore } from '../contracts/history-store.ts';
import type { HotStore } from '../contracts/hot-store.ts';
import type { Queue } from '../contracts/queue.ts';
import type { StepRuleBook } from '../contracts/step-rules.ts';
import type { ErrorRecord } from '../errors/error-record.ts';
import type { Logger } from '../logger/logger.ts';
import type { Notify } from '../notices/notices.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** Figures of a worker. */
export interface WorkerFigures {
  /** Effects under way at once in this process; of as many again the outcome may still be on its way into the store. @default 32 */
  readonly concurrency: number;
  /** Milliseconds until an unattended lease ends and another worker takes over. @default 30,000 */
  readonly leaseMs: number;
  /** Milliseconds between looks when no wake-up comes. @default 1,000 */
  readonly pollMs: number;
  /** Milliseconds that `stop` waits for what is under way before it aborts it. @default 10,000 */
  readonly graceMs: number;
  /** At most this share of the slots goes to replays while live work waits. @default 0.25 */
  readonly replayShare: number;
}

/** What of the store a dispatcher uses. */
export interface DispatchStore extends Pick<HotStore<unknown>, 'claim' | 'begin' | 'settle' | 'defer' | 'extend' | 'nextDue'> {
  readonly gates: Pick<GateStore, 'close'>;
  readonly history: Pick<HistoryStore, 'run'>;
}

/** What the dispatcher needs; everything of the world is handed in. */
export interface DispatcherOptions {
  readonly storage: DispatchStore;
  readonly queue: Pick<Queue, 'onWake'>;
  readonly executors: ReadonlyMap<string, Executor>;
  readonly advancer: Advancer;
  readonly clock: Clock;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** Unique to this process. */
  readonly holder: string;
  readonly notify: Notify;
  readonly logger: Logger;
  /** @default nobody is told */
  readonly telemetry?: Telemetry;
  /** Told what an attempt has failed with, once that is written. @default nobody is told */
  readonly failed?: (dispatch: ClaimedDispatch, error: ErrorRecord) => void;
  /** What automations say of their steps. @default nothing */
  readonly rules?: StepRuleBook;
  readonly figures: WorkerFigures;
}
