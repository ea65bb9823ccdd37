import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { GateReason } from '../contracts/control-stores.ts';
import {
  checkTenantsReplay,
  checkTenantsRetry,
  noneReplayed,
  noneRetried,
  replayTenant,
  retryTenant,
  type TenantsReplayRequest,
  type TenantsRetryRequest,
} from './bulk-over-tenants.ts';
import { invalid } from './bulk-request.ts';
import { isReference } from './check-text.ts';
import { checkWindow } from './check-window.ts';
import { errorsTask, type SharedErrors, type TenantsErrorRequest } from './errors-over-tenants.ts';
import { checkDays, type HealthCounts, type HealthRates, type HealthSummaryRequest, noHealth, ratesOf } from './health-summary.ts';
import type { OperatedTenant } from './operated-tenant.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import { recordAct } from './record-act.ts';
import type { ReplayProgress } from './replay-tally.ts';
import type { RetryProgress } from './retry-tally.ts';
import { type TenantDeadLetter, tenantDeadLetters } from './tenant-dead-letters.ts';
import type { TenantHealth } from './tenant-health.ts';
import type { TenantScope } from './tenant-services.ts';
import { type TenantDeprecationPage, tenantsDeprecations } from './tenants-deprecations.ts';
import {
  addCounts,
  type TenantFailure,
  type TenantsProgress,
  type TenantTask,
  type TenantWalk,
  tenantFailure,
  walkTenants,
} from './walk-tenants.ts';

/** Which tenants a page is of. */
export interface TenantsPage extends ListOptions {
  /** Those that have a connection of this connector, and of each what belongs to it. @default all tenants, and all of each */
  readonly connector?: string;
}

/** What tenants have between them. */
export interface TenantCounts {
  /** A status that none has is left out. */
  readonly connections: { readonly [Status in ConnectionStatus]?: number };
  /** Closed lanes by reason. */
  readonly gates: { readonly [Reason in GateReason]?: number };
}

/**
 * What an operator may do to all tenants, or to those that have a connection of a connector. Each look and act is recorded in each tenant's own chain
 * before it is done there. One tenant's failure keeps no other back: the answer names it, and the call may be repeated.
 */
export interface OperatedTenants {
  /** Tenants that have something configured, or an event or a dispatch that is still kept. Recorded in the hub's own chain. */
  list(page?: TenantsPage): Promise<Page<string>>;
  /** A page is of tenants; those that could not be looked at are among its failures and not among its items. */
  health(page?: TenantsPage): Promise<TenantHealthPage>;
  /**
   * Which connections and enabled automations still use a connector, an action or a trigger that goes away, until when, and what takes its place. A page is of
   * tenants, and may hold nothing: go on until its cursor is `null`.
   */
  deprecations(page?: TenantsPage): Promise<TenantDeprecationPage>;
  /** How the connections of all tenants are, and how connecting, renewing and delivering goes. */
  healthSummary(request?: TenantsSummaryRequest): Promise<TenantsSummary>;
  /** What goes wrong, those errors together that are alike, whosever they are. */
  errors(request?: TenantsErrorRequest): Promise<TenantsProgress<SharedErrors>>;
  counts(walk?: TenantWalk<TenantsProgress<TenantCounts>>): Promise<TenantsProgress<TenantCounts>>;
  /** Tenant after tenant, and of each the newest first. A page may be shorter than its limit, or empty, and have a cursor. */
  deadLetters(page?: TenantsPage): Promise<Page<TenantDeadLetter>>;
  /** Pauses every connection that has not ended, as it is now. */
  pauseAll(walk?: TenantWalk<TenantsProgress<LaneCounts>>): Promise<TenantsProgress<LaneCounts>>;
  resumeAll(walk?: TenantWalk<TenantsProgress<LaneCounts>>): Promise<TenantsProgress<LaneCounts>>;
  /** Ends all connections of a connector, or all there are, at once here and then at their services. Counts those that had not ended. */
  disconnectAll(walk?: TenantWalk<TenantsProgress<EndedCounts>>): Promise<TenantsProgress<EndedCounts>>;
  retryMany(request?: TenantsRetryRequest): Promise<TenantsProgress<RetryProgress>>;
  /** With a connector, and without a type, events of that connector. */
  replayMany(request: TenantsReplayRequest): Promise<TenantsProgress<ReplayProgress>>;
}

/** Tenants and how they are. */
export interface TenantHealthPage extends Page<TenantHealth> {
  readonly failures: readonly TenantFailure[];
}

/** Over which tenants, and how many days. */
export interface TenantsSummaryRequest extends TenantWalk<TenantsProgress<HealthCounts>>, Pick<HealthSummaryRequest, 'days'> {}

/** How tenants are together. */
export interface TenantsSummary extends TenantsProgress<HealthCounts> {
  readonly rates: HealthRates;
}

/** Connections whose lanes were closed or opened. */
export interface LaneCounts {
  readonly connections: number;
}

/** Connections that were ended. */
export interface EndedCounts {
  readonly disconnected: number;
}

/** All tenants as an operator works on them. `hub`: the operator's scope of what belongs to no tenant. */
export function operatedTenants(hub: TenantScope, tenant: (id: string) => OperatedTenant): OperatedTenants {
  const over = <Counts>(walk: TenantWalk<TenantsProgress<Counts>>, nothing: Counts, task: Omit<TenantTask<Counts>, 'nothing'>) =>
    walkTenants(hub, walk, { nothing, ...task });
  return Object.freeze({
    async list(page: TenantsPage = {}) {
      await hub.ready();
      await recordAct(hub, { action: 'operator.list_tenants', object: { type: 'hub', id: 'hub' } });
      return tenantsOf(hub, page);
    },
    async health(page: TenantsPage = {}) {
      await hub.ready();
      const { items, cursor } = await tenantsOf(hub, page);
      const found: TenantHealth[] = [];
      const failures: TenantFailure[] = [];
      for (const id of items) {
        await tenant(id)
          .health(filterOf(page))
          .then((health) => found.push(health))
          .catch((error: unknown) => failures.push(tenantFailure(id, error)));
      }
      return { items: found, cursor, failures };
    },
    async deprecations(page: TenantsPage = {}) {
      await hub.ready();
      return tenantsDeprecations(await tenantsOf(hub, page), (id) => tenant(id).deprecations(filterOf(page)));
    },
    async healthSummary(request: TenantsSummaryRequest = {}) {
      const days = checkDays(request);
      const act = async (id: string) => (await tenant(id).healthSummary({ ...filterOf(request), days })).counts;
      const progress = await over(request, noHealth, { act, add: addCounts });
      return { ...progress, rates: ratesOf(progress.counts) };
    },
    async errors(request: TenantsErrorRequest = {}) {
      const { from, to, ...walk } = request;
      const filter = { ...filterOf(walk), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), limit: 500 };
      checkWindow(filter);
      return walkTenants(
        hub,
        walk,
        errorsTask((id) => tenant(id).errors(filter)),
      );
    },
    counts: (walk: TenantWalk<TenantsProgress<TenantCounts>> = {}) =>
      over(walk, noCounts, { act: async (id) => countsOf(await tenant(id).health(filterOf(walk))), add: addTenantCounts }),
    deadLetters: (page: TenantsPage = {}) => tenantDeadLetters(hub, page, (id) => tenant(id)),
    pauseAll: (walk: TenantWalk<TenantsProgress<LaneCounts>> = {}) =>
      over(walk, noLanes, { act: async (id) => ({ connections: await tenant(id).pauseAll(filterOf(walk)) }), add: addCounts }),
    resumeAll: (walk: TenantWalk<TenantsProgress<LaneCounts>> = {}) =>
      over(walk, noLanes, { act: async (id) => ({ connections: await tenant(id).resumeAll(filterOf(walk)) }), add: addCounts }),
    disconnectAll: (walk: TenantWalk<TenantsProgress<EndedCounts>> = {}) =>
      over(walk, { disconnected: 0 }, { act: (id) => endOf(tenant(id), walk), add: addCounts }),
    async retryMany(request: TenantsRetryRequest = {}) {
      checkTenantsRetry(request);
      return over(request, noneRetried, { act: (id) => retryTenant(tenant(id), request), add: addCounts });
    },
    async replayMany(request: TenantsReplayRequest) {
      checkTenantsReplay(request);
      return over(request, noneReplayed, { act: (id) => replayTenant(tenant(id), request), add: addCounts });
    },
  });
}

const noCounts: TenantCounts = { connections: {}, gates: {} };
const noLanes: LaneCounts = { connections: 0 };

function countsOf({ connections, gates }: TenantHealth): TenantCounts {
  const reasons: { [Reason in GateReason]?: number } = {};
  for (const { reason } of gates) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { connections, gates: reasons };
}

const addTenantCounts = (left: TenantCounts, right: TenantCounts): TenantCounts => ({
  connections: addCounts(left.connections, right.connections),
  gates: addCounts(left.gates, right.gates),
});

async function tenantsOf({ storage }: TenantScope, { connector, ...page }: TenantsPage): Promise<Page<string>> {
  const { cursor, limit } = pageRequest(page);
  if (cursor !== null && !isReference(cursor)) throw invalid('The cursor of a page is what the last page answered.');
  const items = await storage.listTenants({ after: cursor, limit, ...filterOf({ connector }) });
  return { items, cursor: items.length < limit ? null : (items.at(-1) ?? null) };
}

const filterOf = ({ connector }: { readonly connector?: string | undefined }): { readonly connector?: string } =>
  connector === undefined ? {} : { connector };

const endOf = async (tenant: OperatedTenant, { connector, signal }: TenantWalk<never>): Promise<EndedCounts> => ({
  disconnected: await tenant.disconnectAll({ ...filterOf({ connector }), ...(signal === undefined ? {} : { signal }) }),
});
