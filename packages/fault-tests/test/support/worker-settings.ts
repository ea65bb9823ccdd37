/** Where a worker keeps its things. */
export type WorkerStore =
  | { readonly kind: 'postgres'; readonly url: string; readonly schema: string; readonly poolSize: number; readonly answerMs?: number }
  | { readonly kind: 'sqlite'; readonly file: string };

/** What a worker process is started with, as JSON on its command line. */
export interface WorkerSettings {
  readonly name: string;
  readonly store: WorkerStore;
  /** Address of the provider. */
  readonly provider: string;
  /** Connectors that it has, by their ids. Work for others it leaves alone. */
  readonly connectors: readonly string[];
  readonly figures: { readonly concurrency: number; readonly leaseMs: number; readonly pollMs: number };
  readonly maximumCrashes: number;
  /** Milliseconds by which its wall clock is off. */
  readonly clockOffMs: number;
  /** Milliseconds that it holds each intake back before it is written, so that a kill finds some under way. @default none */
  readonly writesLateMs?: number;
}
