import type { Benchmark } from './benchmark.ts';
import type { BenchmarkResult } from './summarise.ts';

/** Ours against one peer that could be measured. */
export interface PeerRatio {
  readonly peer: string;
  /** Ours / the peer's. */
  readonly ratio: number;
  /** The ratio to be reached, at least. */
  readonly reach: number;
}

/** Whether `ratio`, ours to the limit, is good enough for the benchmark's `reach`. */
export function isReached(benchmark: Pick<Benchmark, 'better' | 'reach'>, ratio: number): boolean {
  return benchmark.better === 'higher' ? ratio >= benchmark.reach : ratio <= benchmark.reach;
}

/** Ours against each rival; none where only baselines ran, the benchmark compares no peer, or a peer could not be measured. */
export function peerRatios(
  { rivals, peerReaches = {} }: Pick<Benchmark, 'rivals' | 'peerReaches'>,
  { ours, peers, peerReach: reach }: Pick<BenchmarkResult, 'ours' | 'peers' | 'peerReach'>,
): readonly PeerRatio[] {
  if (ours === null || reach === null) return [];
  const compared = Object.entries(peers).filter(([peer]) => rivals?.includes(peer) ?? true);
  return compared.flatMap(([peer, value]) => (value === null ? [] : [{ peer, ratio: ours / value, reach: peerReaches[peer] ?? reach }]));
}

/** Whether a result misses the limit's reach or a peer's: what `--check` fails for. What was not measured misses nothing. */
export function missesReach(benchmark: Pick<Benchmark, 'better' | 'reach' | 'rivals' | 'peerReaches'>, result: BenchmarkResult): boolean {
  if (result.ratio !== null && !isReached(benchmark, result.ratio)) return true;
  return peerRatios(benchmark, result).some(({ ratio, reach }) => ratio < reach);
}
