import { randomBytes } from 'node:crypto';
import {
  type Connector,
  createHub,
  type Hub,
  type HubOptions,
  localKeys,
  type NoticeName,
  type Notices,
  type Schema,
  type TenantHandle,
} from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import type { HostFunctions, RecordTypes, WithRecords } from '@patchbay/core/host';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '../clock/fake-clock.ts';
import type { SignedDelivery } from '../providers/signed-delivery.ts';
import { dispatchesOf, type RecordedDispatch } from './recorded-dispatches.ts';
import { settleHub } from './settle-hub.ts';

/** A notice as it was given. */
export type RecordedNotice = { [Name in NoticeName]: { readonly name: Name; readonly notice: Notices[Name] } }[NoticeName];

/**
 * What {@link createTestHub} is given: the options of `createHub`, of which only the connectors are needed. Which networks are open is not
 * among them: it is this machine alone.
 */
export type TestHubOptions<
  C extends readonly Connector[],
  E extends Readonly<Record<string, Schema>>,
  F extends HostFunctions = HostFunctions,
  R extends RecordTypes = RecordTypes,
> = Partial<
  Omit<HubOptions<C, E, never, F, R>, 'clock' | 'connectors' | 'dangerouslyAllowPrivateNetworks' | 'loopbackOnly' | 'storage'>
> & {
  readonly connectors: C;
};

/** A hub for a host's own tests: memory storage, a clock that moves when told, every notice recorded, nothing left running. */
export interface TestHub<C extends Connector, E extends Readonly<Record<string, Schema>>, F extends HostFunctions = never> {
  readonly hub: Hub<C, E, never, F>;
  readonly storage: Storage<never>;
  readonly clock: FakeClock;
  tenant(id: string): TenantHandle<C, E, never, F>;
  /** Every notice so far, in order. */
  readonly notices: readonly RecordedNotice[];
  /** The notices of one name, in order. */
  noticesOf<Name extends NoticeName>(name: Name): readonly Notices[Name][];
  /** Every dispatch so far with its status, input and attempts, oldest first: of one tenant, or of all, one tenant after another. */
  dispatches(tenant?: string): Promise<readonly RecordedDispatch[]>;
  /** Hands a signed delivery to the hub at the given URL, without a socket. */
  deliver(url: string, delivery: SignedDelivery): Promise<Response>;
  /**
   * Does everything that is to be done: executes what is due, and moves the clock on to what is due later (retries, rate limits) within
   * `withinMs` milliseconds of the clock. Resolves with the number of dispatches executed. @default 24 hours
   */
  settled(options?: { readonly withinMs?: number }): Promise<number>;
  /** Stops the hub and its storage. */
  close(): Promise<void>;
}

type NoticesByName = { readonly [Name in NoticeName]: Notices[Name][] };

function emptyBoard(): NoticesByName {
  return {
    'alert.opened': [],
    'alert.resolved': [],
    'schedule.missed': [],
    'schedule.calendar_failed': [],
    'poll.failed': [],
    'content.failed': [],
    'connection.connected': [],
    'connection.disconnected': [],
    'connection.status_changed': [],
    'connection.account_changed': [],
    'connection.migrated': [],
    'connector.deprecated': [],
    'connection.credential_expiring': [],
    'connection.credential_replaced': [],
    'connection.breaker_opened': [],
    'connection.breaker_closed': [],
    'connection.scopes_missing': [],
    'connection.health_changed': [],
    'connection.health_warning': [],
    'connection.paused': [],
    'connection.resumed': [],
    'connection.reconnect_asked': [],
    'connection.token_renewed': [],
    'connection.renewal_failed': [],
    'endpoint.disabled': [],
    'endpoint.failing': [],
    'endpoint.recovered': [],
    'endpoint.delivered': [],
    'endpoint.failed': [],
    'connector.blocked': [],
    'webhook.received': [],
    'webhook.dropped': [],
    'webhook.kept': [],
    'webhook.failed': [],
    'webhook.registration_failed': [],
    'event.published': [],
    'action.executed': [],
    'subscriber.called': [],
    'run.finished': [],
    'dispatch.retrying': [],
    'dispatch.dead': [],
    'dispatch.held': [],
    'dispatch.fenced': [],
    'api.rate_limited': [],
    'api.requested': [],
    'api.deprecated': [],
  };
}

/**
 * Makes a test hub. Its connectors reach stand-ins on this machine and nothing else: a request to a true service ends with
 * `egress_refused` before its name is looked up.
 */
export function createTestHub<
  const C extends readonly Connector[],
  E extends Readonly<Record<string, Schema>> = Record<never, never>,
  F extends HostFunctions = Record<never, never>,
  R extends RecordTypes = Record<never, never>,
>(options: TestHubOptions<C, E, F, R>): TestHub<C[number], WithRecords<E, R>, F> {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const made = createHub<C, E, never, F, R>({
    keys: localKeys({ active: 'test', keys: { test: randomBytes(32).toString('base64') } }),
    publicUrl: 'https://host.example.com/hub',
    ...options,
    // They wait on the clock, which moves when it is told; a test that wants them says so.
    retry: { quickRetries: 0, ...options.retry },
    // Nothing goes out that the test has not asked for.
    health: { checkEveryMs: null, ...options.health },
    loopbackOnly: true,
    clock,
    storage,
  });
  // The storage is the hub's own and empty at first, so whose things are in it has been asked for by this hub.
  const tenants = new Set<string>();
  const hub = rememberTenants(made, tenants);
  const notices: RecordedNotice[] = [];
  const board = emptyBoard();
  // `Object.keys` forgets that the keys are the board's.
  for (const name of Object.keys(board) as NoticeName[]) record(hub, name, { notices, board });
  return {
    hub,
    storage,
    clock,
    notices,
    tenant: (id) => hub.tenant(id),
    noticesOf: (name) => board[name],
    async dispatches(tenant) {
      const asked = tenant === undefined ? [...tenants] : [tenant];
      return (await Promise.all(asked.map((id) => dispatchesOf(made, id)))).flat();
    },
    deliver: (url, { headers, body }) =>
      hub.handler(new Request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })),
    settled: ({ withinMs = 86_400_000 } = {}) => settleHub({ hub, clock, withinMs }),
    async close() {
      await hub.stop();
      await storage.close();
    },
  };
}

function rememberTenants<C extends Connector, E extends Readonly<Record<string, Schema>>, F extends HostFunctions>(
  hub: Hub<C, E, never, F>,
  tenants: Set<string>,
): Hub<C, E, never, F> {
  return {
    ...hub,
    tenant(id, options) {
      const handle = hub.tenant(id, options);
      tenants.add(id);
      return handle;
    },
  };
}

function record<Name extends NoticeName>(
  hub: Pick<Hub, 'on'>,
  name: Name,
  into: { readonly notices: RecordedNotice[]; readonly board: NoticesByName },
): void {
  const ofName: Notices[Name][] = into.board[name];
  hub.on(name, (notice) => {
    ofName.push(notice);
    // Name and notice belong together by the signature of `on`, which a union of pairs cannot express.
    into.notices.push({ name, notice } as Extract<RecordedNotice, { readonly name: Name }>);
  });
}
