import { randomBytes, randomFillSync } from 'node:crypto';
import type { RetryFigures } from './actions/action-policy.ts';
import { type ResolvedAlertOptions, resolveAlerts } from './alert-options.ts';
import { type ResolvedAuditOptions, resolveAudit } from './audit-options.ts';
import { type ResolvedBuiltIns, resolveBuiltIns } from './built-in-options.ts';
import { checkOptions } from './check-options.ts';
import { checkPlans } from './check-plans.ts';
import type { Clock } from './clock/clock.ts';
import { systemClock } from './clock/system-clock.ts';
import { usualReminders } from './connections/due-at.ts';
import type { Connector } from './connector/connector-definition.ts';
import type { HostFunctions } from './connector/host-function.ts';
import type { PlanPolicy } from './contracts/plan-policy.ts';
import type { Queue } from './contracts/queue.ts';
import type { SearchIndex } from './contracts/search-index.ts';
import type { Storage } from './contracts/storage.ts';
import type { WorkerFigures } from './dispatch/dispatcher-options.ts';
import { resolveConnections, resolveEgress } from './egress-options.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { RequestSigners } from './gateway/signing/choose-signing.ts';
import { knownSigners } from './gateway/signing/known-signers.ts';
import { type ResolvedHealthOptions, resolveHealth } from './health-options.ts';
import type { TrustedProxies } from './http/client-address.ts';
import type { HubOptions } from './hub-options.ts';
import { hubVersion } from './hub-version.ts';
import { type GenerateId, uuidGenerator } from './id/generate-id.ts';
import { guardLogger } from './logger/guard-logger.ts';
import type { Logger } from './logger/logger.ts';
import { warningLogger } from './logger/warning-logger.ts';
import type { PoolOptions } from './net/connection-agents.ts';
import type { EgressProxy } from './net/egress-proxy.ts';
import { nameBytes } from './oauth/flow-name.ts';
import { type ResolvedRequestLog, resolveRequestLog } from './request-log-options.ts';
import { defaultResilience, type ResolvedResilience, resolveResilience } from './resilience-options.ts';
import { type ResolvedScheduleOptions, resolveSchedules } from './schedule-options.ts';
import { checkTelemetry } from './telemetry/check-telemetry.ts';
import { createTelemetry, type Telemetry } from './telemetry/telemetry.ts';
import type { HostEvents } from './tenant/typed-automation.ts';
import type { RandomBytes } from './vault/random-bytes.ts';
import { type ResolvedWebhookOptions, resolveProxies, resolveWebhooks } from './webhook-options.ts';

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly storage: Storage<unknown>;
  readonly queue: Queue;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** What the built-in actions are made of. */
  readonly builtIns: ResolvedBuiltIns;
  readonly generateId: GenerateId;
  readonly audit: ResolvedAuditOptions;
  readonly healthOptions: ResolvedHealthOptions;
  readonly alerts: ResolvedAlertOptions;
  /** Days before the end of a credential. */
  readonly remindDays: readonly number[];
  readonly telemetry: Telemetry;
  readonly requestLog: ResolvedRequestLog;
  readonly worker: WorkerFigures;
  readonly retry: RetryFigures;
  readonly resilience: ResolvedResilience;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Its path, without a trailing slash. */
  readonly basePath: string;
  readonly schedules: ResolvedScheduleOptions;
  readonly webhooks: ResolvedWebhookOptions;
  readonly proxies: TrustedProxies;
  readonly maximumBodyBytes: number;
  readonly maximumResponseBytes: number;
  readonly maximumFlowRuns: number;
  /** Bytes for answers that are kept; 0 keeps none. */
  readonly responseCacheBytes: number;
  /** `undefined`: none. */
  readonly proxy: EgressProxy | undefined;
  /** How connections are kept. */
  readonly kept: PoolOptions;
  readonly dangerouslyAllowPrivateNetworks: boolean;
  readonly loopbackOnly: boolean;
  readonly signers: RequestSigners;
  readonly plans: PlanPolicy | null;
  /** `null`: the host has none. */
  readonly searchIndex: SearchIndex | null;
  readonly returnOrigins: readonly string[];
  /** A new name that nobody can guess, base64url. */
  readonly randomName: () => string;
  /** So many bytes that nobody can guess. */
  readonly randomBytes: RandomBytes;
}

const defaultWorker: WorkerFigures = { concurrency: 32, leaseMs: 30_000, pollMs: 1_000, graceMs: 10_000, replayShare: 0.25 };
const defaultRetry: RetryFigures = { maximumAttempts: 10, maximumCrashes: 3, quickRetries: 2, baseMs: 1_000, maximumMs: 300_000 };

/** Fills in the defaults: the only place in core that reaches for the machine's clock, randomness and output. Throws `invalid_argument`. */
export function resolveOptions<C extends readonly Connector[], E extends HostEvents, Transaction, F extends HostFunctions>(
  options: HubOptions<C, E, Transaction, F>,
): ResolvedOptions {
  checkOptions(options);
  const clock = options.clock ?? systemClock;
  // The hub only hands the host's transaction on, whose type the host's own handles keep.
  const storage = options.storage as Storage<unknown>;
  const publicUrl = parsePublicUrl(options.publicUrl);
  return {
    storage,
    queue: options.queue ?? storage.queue,
    logger: guardLogger(options.logger ?? warningLogger((line) => process.stderr.write(line))),
    clock,
    random: options.random ?? Math.random,
    builtIns: resolveBuiltIns(options),
    generateId: options.generateId ?? uuidGenerator(clock, (bytes) => randomFillSync(bytes)),
    audit: resolveAudit(options.audit ?? {}),
    healthOptions: resolveHealth(options.health),
    alerts: resolveAlerts(options.alerts),
    schedules: resolveSchedules(options.schedules, clock.now()),
    remindDays: checkReminders(options.credentials?.remindDays ?? usualReminders),
    requestLog: resolveRequestLog(options.requestLog),
    telemetry: createTelemetry(checkTelemetry(options.telemetry), hubVersion),
    worker: checkFigures({ ...defaultWorker, ...options.worker }),
    retry: checkFigures({ ...defaultRetry, ...options.retry }),
    resilience: resolveResilience(
      checkFigures({ ...defaultResilience, ...options.resilience }),
      options.maximumResponseBytes ?? 10_485_760,
    ),
    publicUrl: `${publicUrl.origin}${trimSlash(publicUrl.pathname)}`,
    basePath: trimSlash(publicUrl.pathname),
    webhooks: resolveWebhooks(options.webhooks),
    proxies: resolveProxies(options.trustedProxies, options.forwardedHeader),
    ...checkFigures({
      maximumBodyBytes: options.maximumBodyBytes ?? 1_048_576,
      maximumResponseBytes: options.maximumResponseBytes ?? 10_485_760,
      maximumFlowRuns: options.maximumFlowRuns ?? 1_000,
      responseCacheBytes: options.responseCache?.maximumBytes ?? 16_777_216,
    }),
    proxy: resolveEgress(options.egress, options.loopbackOnly),
    kept: resolveConnections(options.egress),
    dangerouslyAllowPrivateNetworks: options.dangerouslyAllowPrivateNetworks ?? false,
    loopbackOnly: options.loopbackOnly ?? false,
    signers: knownSigners(options.signers ?? []),
    plans: checkPlans(options.plans),
    searchIndex: options.searchIndex ?? null,
    returnOrigins: (options.returnOrigins ?? []).map(checkOrigin),
    randomName: () => randomBytes(nameBytes).toString('base64url'),
    randomBytes: (size) => randomBytes(size),
  };
}

function checkReminders(days: readonly number[]): readonly number[] {
  const isDay = (day: unknown): boolean => Number.isInteger(day) && Number(day) >= 0 && Number(day) <= 3_650;
  if (Array.isArray(days) && days.length <= 10 && days.every(isDay)) return [...new Set(days)];
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'The option credentials.remindDays is not a list of up to ten whole numbers from 0 to 3650. Pass days such as [14, 3, 1].',
  });
}

function parsePublicUrl(text: string): URL {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.search === '' && url.hash === '' && url.username === '')
    return url;
  throw new PatchbayError({
    code: 'invalid_argument',
    message:
      'publicUrl is not an http(s) address without query. Pass the address under which the hub is reached, such as https://app.example.com/hub.',
  });
}

function checkOrigin(origin: string): string {
  const url = typeof origin === 'string' ? URL.parse(origin) : null;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === trimSlash(origin)) return url.origin;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'An entry of returnOrigins is not a scheme, a host and an optional port, such as https://app.example.com. Correct it.',
  });
}

function trimSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** Least and most of each figure: what is outside would never end, or never begin. */
const bounds: Readonly<Record<string, readonly [least: number, most: number]>> = {
  concurrency: [1, 100_000],
  leaseMs: [100, 3_600_000],
  pollMs: [1, 3_600_000],
  graceMs: [0, 3_600_000],
  replayShare: [0, 1],
  maximumAttempts: [1, 1_000_000],
  maximumCrashes: [1, 1_000_000],
  quickRetries: [0, 5],
  connectionCalls: [1, 100_000],
  tenantCalls: [1, 100_000],
  tenantWaiting: [0, 1_000_000],
  answerBytes: [1, 1_099_511_627_776],
  breakerCalls: [1, 20],
  breakerFirstMs: [1, 3_600_000],
  breakerLongestMs: [1, 86_400_000],
  baseMs: [0, 86_400_000],
  maximumMs: [0, 86_400_000],
  maximumBodyBytes: [1, 1_073_741_824],
  maximumResponseBytes: [1, 1_073_741_824],
  maximumFlowRuns: [1, 1_000_000],
  responseCacheBytes: [0, 1_073_741_824],
};

/** The figures, each within its bounds; all are whole but a share. Throws `invalid_argument` naming the one that is not. */
function checkFigures<Figures extends object>(figures: Figures): Figures {
  for (const [name, figure] of Object.entries(figures)) {
    const [least, most] = bounds[name] ?? [0, -1];
    const isWhole = name === 'replayShare' || Number.isInteger(figure);
    if (typeof figure === 'number' && isWhole && figure >= least && figure <= most) continue;
    throw new PatchbayError({
      code: 'invalid_argument',
      message: bounds[name]
        ? `The option ${name} is a number from ${least} to ${most}. Correct it.`
        : `There is no option ${name}. Leave it out.`,
    });
  }
  return figures;
}
