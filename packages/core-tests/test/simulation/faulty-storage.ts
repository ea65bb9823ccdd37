import type { Queue, Storage } from '@patchbay/core/adapter';
import { tenant } from './figures.ts';
import { passage } from './passage.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** The shared storage as one process reaches it: every call is a passage. */
export function faultyStorage(storage: Storage, process: SimulatedProcess): Storage {
  const { configuration, audit, gates, leases, counters, states, flows, receipts, journal, history } = storage;
  const cross = <Result>(name: string, call: () => Promise<Result>): Promise<Result> => passage(process, name, call);
  return {
    name: storage.name,
    capabilities: storage.capabilities,
    ingest: (items) =>
      cross('ingest', async () => {
        if (process.world.random.chance(process.weather.restless)) await changeSomething(storage, process);
        return storage.ingest(items);
      }),
    claimMarks: (request) => cross('claimMarks', () => storage.claimMarks(request)),
    recordRouting: (pages) => cross('recordRouting', () => storage.recordRouting(pages)),
    addToEvents: (items) => cross('addToEvents', () => storage.addToEvents(items)),
    claim: (request) => {
      process.holder = request.holder;
      return cross(`claim ${request.kind}`, () => storage.claim(request));
    },
    begin: (items) => cross('begin', () => storage.begin(items)),
    settle: (items) => cross('settle', () => storage.settle(items)),
    defer: (items) => cross('defer', () => storage.defer(items)),
    extend: (request) => cross('extend', () => storage.extend(request)),
    reopen: (items) => cross('reopen', () => storage.reopen(items)),
    resolve: (items) => cross('resolve', () => storage.resolve(items)),
    cancel: (items) => cross('cancel', () => storage.cancel(items)),
    cancelRun: (change) => cross('cancelRun', () => storage.cancelRun(change)),
    nextDue: (request) => cross('nextDue', () => storage.nextDue(request)),
    configuration: {
      revision: (tenant) => cross('revision', () => configuration.revision(tenant)),
      write: (tenant, changes, options) => cross('write', () => configuration.write(tenant, changes, options)),
      get: (tenant, kind, id) => cross('get', () => configuration.get(tenant, kind, id)),
      find: (tenant, kind, name) => cross('find', () => configuration.find(tenant, kind, name)),
      list: (tenant, kind, page) => cross('list', () => configuration.list(tenant, kind, page)),
      snapshot: (tenant, kinds) => cross('snapshot', () => configuration.snapshot(tenant, kinds)),
      changes: (tenant, kinds, since) => cross('changes', () => configuration.changes(tenant, kinds, since)),
      locateReceiver: (id) => cross('locateReceiver', () => configuration.locateReceiver(id)),
      locateRegistration: (id) => cross('locateRegistration', () => configuration.locateRegistration(id)),
      locateAccount: (connector, account) => cross('locateAccount', () => configuration.locateAccount(connector, account)),
      dueConnections: (request) => cross('dueConnections', () => configuration.dueConnections(request)),
    },
    audit: {
      append: (tenant, entries) => cross('audit.append', () => audit.append(tenant, entries)),
      unsealed: (request) => cross('audit.unsealed', () => audit.unsealed(request)),
      seal: (items) => cross('audit.seal', () => audit.seal(items)),
      state: (tenant) => cross('audit.state', () => audit.state(tenant)),
      page: (tenant, filter, page) => cross('audit.page', () => audit.page(tenant, filter, page)),
      chain: (tenant, range) => cross('audit.chain', () => audit.chain(tenant, range)),
      expired: (request) => cross('audit.expired', () => audit.expired(request)),
      prune: (tenant, request) => cross('audit.prune', () => audit.prune(tenant, request)),
    },
    gates: {
      close: (closing) => cross('gates.close', () => gates.close(closing)),
      open: (opening) => cross('gates.open', () => gates.open(opening)),
      list: (tenant) => cross('gates.list', () => gates.list(tenant)),
    },
    leases: {
      acquire: (request) => cross('leases.acquire', () => leases.acquire(request)),
      extend: (request) => cross('leases.extend', () => leases.extend(request)),
      release: (request) => cross('leases.release', () => leases.release(request)),
    },
    counters: {
      add: (batch) => cross('counters.add', () => counters.add(batch)),
      read: (query) => cross('counters.read', () => counters.read(query)),
      list: (query) => cross('counters.list', () => counters.list(query)),
    },
    states: {
      write: (items) => cross('states.write', () => states.write(items)),
      read: (tenant, name) => cross('states.read', () => states.read(tenant, name)),
      list: (tenant, prefix, page) => cross('states.list', () => states.list(tenant, prefix, page)),
    },
    flows: {
      put: (flow) => cross('flows.put', () => flows.put(flow)),
      take: (request) => cross('flows.take', () => flows.take(request)),
      count: (request) => cross('flows.count', () => flows.count(request)),
    },
    receipts: {
      keep: (receipt) => cross('receipts.keep', () => receipts.keep(receipt)),
      get: (tenant, id) => cross('receipts.get', () => receipts.get(tenant, id)),
      page: (tenant, filter, page) => cross('receipts.page', () => receipts.page(tenant, filter, page)),
      remove: (tenant, id) => cross('receipts.remove', () => receipts.remove(tenant, id)),
      count: (tenant) => cross('receipts.count', () => receipts.count(tenant)),
    },
    journal: {
      append: (entries) => cross('journal.append', () => journal.append(entries)),
      page: (tenant, query) => cross('journal.page', () => journal.page(tenant, query)),
      prune: (request) => cross('journal.prune', () => journal.prune(request)),
    },
    history: {
      event: (tenant, id) => cross('event', () => history.event(tenant, id)),
      events: (tenant, filter, page) => cross('events', () => history.events(tenant, filter, page)),
      unrouted: (tenant, roots) => cross('unrouted', () => history.unrouted(tenant, roots)),
      run: (key) => cross('run', () => history.run(key)),
      runs: (tenant, filter, page) => cross('runs', () => history.runs(tenant, filter, page)),
      dispatch: (key) => cross('dispatch', () => history.dispatch(key)),
      dispatches: (tenant, filter, page) => cross('dispatches', () => history.dispatches(tenant, filter, page)),
      attempts: (key) => cross('attempts', () => history.attempts(key)),
      lastReplay: (tenant, root, target) => cross('lastReplay', () => history.lastReplay(tenant, root, target)),
    },
    queue: faultyQueue(storage.queue, process),
    now: () => cross('now', () => storage.now()),
    listTenants: (request) => cross('listTenants', () => storage.listTenants(request)),
    ready: () => cross('ready', () => storage.ready()),
    close: async () => undefined,
  };
}

/** The queue as one process reaches it: wake-ups get lost, and none reaches the dead. */
function faultyQueue(queue: Queue, process: SimulatedProcess): Queue {
  const { world } = process;
  return {
    wake: (hint) =>
      passage(process, 'wake', async () => {
        if (!world.random.chance(process.weather.lostWake)) await queue.wake(hint);
      }),
    onWake: (listener) => queue.onWake((hint) => world.after(0, () => listener(hint), process)),
    close: async () => undefined,
  };
}

/** Somebody else changes the configuration at this very moment. */
async function changeSomething({ configuration }: Storage, { world }: SimulatedProcess): Promise<void> {
  const row = await configuration.find(tenant, 'automation', world.random.pick(['file', 'big', 'reader']));
  if (!row) return;
  const { id, name, version, value } = row;
  await configuration.write(tenant, [{ put: 'automation', id, name, expect: version, value: { ...value, enabled: !value.enabled } }]);
  world.log(`somebody ${value.enabled ? 'disables' : 'enables'} ${name} just now`);
}
