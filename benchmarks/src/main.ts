import type { Benchmark } from './benchmark.ts';
import { bulkRevoke } from './bulk-revoke/bulk-revoke.ts';
import { claimBacklog } from './claim-backlog/claim-backlog.ts';
import { drainPostgres } from './drain-postgres/drain-postgres.ts';
import { endpointHang, endpointHangMemory } from './endpoint-hang/endpoint-hang.ts';
import { expressionBounds } from './expression-bounds/expression-bounds.ts';
import { fairStart, fairStartLarge } from './fair-start/fair-start.ts';
import { gateway1, gateway1Plain, gateway1Postgres, gateway50, gateway50Plain, gateway50Postgres } from './gateway/gateway.ts';
import { gatewaySustained, limit1000 } from './gateway-sustained/gateway-sustained.ts';
import { growthPostgres } from './growth-postgres/growth-postgres.ts';
import { importTimeConnectors, importTimeCore } from './import-time/import-time.ts';
import { oauthFlow } from './oauth-flow/oauth-flow.ts';
import { type BenchmarkArguments, parseArguments, usage } from './parse-arguments.ts';
import { pipelineMemory } from './pipeline-memory/pipeline-memory.ts';
import { pipelinePostgres2, pipelinePostgres8 } from './pipeline-postgres/pipeline-postgres.ts';
import { missesReach } from './reach.ts';
import { receiveCommit, receiveCommitFull } from './receive-commit/receive-commit.ts';
import { controlLines, renderTable } from './render-table.ts';
import { requestCounts } from './request-count/request-count.ts';
import { rules1000, rules10000 } from './rules/rules.ts';
import { runBenchmark } from './run-benchmark.ts';
import { runningChildren } from './running-children.ts';
import type { BenchmarkResult } from './summarise.ts';
import { triggerLatency, triggerLatency200 } from './trigger-latency/trigger-latency.ts';
import { typecheck40 } from './typecheck-40/typecheck-40.ts';
import { vaultOpen, vaultSeal } from './vault/vault-speed.ts';
import { verifySignature1, verifySignature10, verifySignature100 } from './verify-signature/verify-signature.ts';
import { webhookRegister } from './webhook-register/webhook-register.ts';

const benchmarks: readonly Benchmark[] = [
  pipelineMemory,
  pipelinePostgres2,
  pipelinePostgres8,
  drainPostgres,
  growthPostgres,
  claimBacklog,
  fairStart,
  fairStartLarge,
  receiveCommit,
  receiveCommitFull,
  triggerLatency,
  triggerLatency200,
  webhookRegister,
  endpointHang,
  endpointHangMemory,
  bulkRevoke,
  typecheck40,
  importTimeCore,
  ...importTimeConnectors,
  ...requestCounts,
  vaultSeal,
  vaultOpen,
  verifySignature1,
  verifySignature10,
  verifySignature100,
  rules1000,
  rules10000,
  expressionBounds,
  oauthFlow,
  gateway1,
  gateway1Postgres,
  gateway50,
  gateway50Postgres,
  gateway1Plain,
  gateway50Plain,
  gatewaySustained,
  limit1000,
];

const report = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(wanted: BenchmarkArguments): Promise<number> {
  const results: BenchmarkResult[] = [];
  let missed = false;
  for (const benchmark of benchmarks.filter(({ name }) => wanted.names.includes(name))) {
    const run = await runBenchmark(benchmark, { quick: wanted.quick, baselinesOnly: wanted.baselinesOnly, report });
    if (run === null) {
      report(`${benchmark.name}: compares ours with itself alone, and has no baseline`);
      continue;
    }
    const { rounds, result } = run;
    results.push(result);
    missed ||= missesReach(benchmark, result);
    if (wanted.json) controlLines(rounds).forEach(report);
    else process.stdout.write(`\n${renderTable(benchmark, rounds, result)}\n`);
  }
  if (wanted.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  return missed && wanted.check ? 1 : 0;
}

process.once('exit', runningChildren.stopAll);
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(status));

const describeError = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function readArguments(): BenchmarkArguments | null {
  try {
    return parseArguments(
      process.argv.slice(2),
      benchmarks.map((benchmark) => benchmark.name),
    );
  } catch (error) {
    report(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return null;
  }
}

const wanted = readArguments();
try {
  process.exitCode = wanted === null ? 2 : await main(wanted);
} catch (error) {
  report(describeError(error));
  process.exitCode = 1;
}
