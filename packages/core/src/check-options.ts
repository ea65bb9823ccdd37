import type { Connector } from './connector/connector-definition.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { HubOptions } from './hub-options.ts';
import type { HostEvents } from './tenant/typed-automation.ts';

/** What an option must be to be used at all; figures and addresses are looked at apart. */
interface OptionShape {
  readonly kind: 'list' | 'object' | 'function' | 'boolean' | 'other';
  readonly isRequired?: true;
  /** Methods by which an object is recognised. */
  readonly methods?: readonly string[];
  readonly advice: string;
}

const shapes: Readonly<Record<keyof HubOptions<readonly Connector[], HostEvents>, OptionShape>> = {
  connectors: { kind: 'list', isRequired: true, advice: 'Pass a list such as [github(), slack()]' },
  storage: {
    kind: 'object',
    isRequired: true,
    methods: ['ready', 'now', 'ingest', 'close'],
    advice: 'Pass memoryStorage() or postgresStorage({ pool })',
  },
  keys: {
    kind: 'object',
    isRequired: true,
    methods: ['wrap', 'unwrap'],
    advice: "Pass localKeys({ active: 'k1', keys: { k1: key } })",
  },
  publicUrl: {
    kind: 'other',
    isRequired: true,
    advice: 'Pass the address under which the hub is reached, such as https://app.example.com/hub',
  },
  events: { kind: 'object', advice: "Pass schemas by event type, { 'order.placed': z.object({ … }) }" },
  records: { kind: 'object', methods: ['get'], advice: 'Pass defineRecords({ types, get, … })' },
  functions: { kind: 'object', advice: 'Pass functions by name, { charge: defineFunction({ … }) }' },
  email: { kind: 'object', advice: "Pass { transport: { host, auth }, from: 'Example <hello@example.com>' }" },
  notifyUser: { kind: 'function', advice: 'Pass a function that tells a person' },
  scripts: { kind: 'object', methods: ['run', 'check', 'close'], advice: 'Pass quickjsScripts() of @patchbay/script-quickjs' },
  searchIndex: {
    kind: 'object',
    methods: ['put', 'delete', 'deleteOthers', 'deleteAll'],
    advice: 'Pass an index with put, delete, deleteOthers and deleteAll',
  },
  apps: { kind: 'object', advice: 'Pass registrations by connector id, { slack: { webhookSecret } }' },
  plans: { kind: 'object', methods: ['planOf'], advice: 'Pass { plans: [{ name, limits, features }], planOf }' },
  signers: { kind: 'list', advice: 'Pass a list of signers, [{ id, fields, sign }]' },
  returnOrigins: { kind: 'list', advice: "Pass origins such as ['https://app.example.com']" },
  queue: { kind: 'object', methods: ['wake', 'onWake'], advice: "Leave it out for the storage's own" },
  logger: {
    kind: 'object',
    methods: ['debug', 'info', 'warn', 'error'],
    advice: 'Pass an object with the methods debug, info, warn and error',
  },
  audit: { kind: 'object', advice: 'Pass an object such as { retentionDays: 365 }' },
  alerts: { kind: 'object', advice: 'Pass an object such as { channels: { pager: async (alert) => … } }' },
  schedules: { kind: 'object', advice: "Pass an object such as { calendars: { holidays: { dates: ['2026-12-25'] } } }" },
  credentials: { kind: 'object', advice: 'Pass an object such as { remindDays: [14, 3, 1] }' },
  requestLog: { kind: 'object', advice: 'Pass an object such as { successShare: 0.1, retentionDays: 14 }' },
  telemetry: { kind: 'object', advice: 'Pass {} for spans and metrics, or an object such as { traceShare: 0.1 }' },
  health: { kind: 'object', advice: 'Pass figures such as { checkEveryMs: 900_000 }' },
  worker: { kind: 'object', advice: 'Pass figures such as { concurrency: 32 }' },
  retry: { kind: 'object', advice: 'Pass figures such as { maximumAttempts: 10 }' },
  resilience: { kind: 'object', advice: 'Pass figures such as { connectionCalls: 32 }' },
  webhooks: { kind: 'object', advice: "Pass an object such as { addresses: { github: ['192.0.2.0/24'] } }" },
  trustedProxies: { kind: 'other', advice: '' },
  forwardedHeader: { kind: 'other', advice: '' },
  maximumBodyBytes: { kind: 'other', advice: '' },
  maximumResponseBytes: { kind: 'other', advice: '' },
  maximumFlowRuns: { kind: 'other', advice: '' },
  transforms: { kind: 'object', advice: 'Pass transforms by connector id, { github: { request, response } }' },
  responseCache: { kind: 'object', advice: 'Pass an object such as { maximumBytes: 16777216 }' },
  egress: { kind: 'object', advice: "Pass an object such as { proxy: 'http://proxy.internal:3128' }" },
  dangerouslyAllowPrivateNetworks: { kind: 'boolean', advice: 'Pass true or false' },
  loopbackOnly: { kind: 'boolean', advice: 'Pass true or false' },
  clock: { kind: 'object', methods: ['now', 'monotonic', 'setTimer', 'nextTurn'], advice: "Leave it out for the machine's" },
  random: { kind: 'function', advice: 'Pass a function that answers a number between 0 and 1' },
  generateId: { kind: 'function', advice: 'Pass a function that answers a uuid' },
};

/** Checks the names of the options and what each of them is. Throws `invalid_argument` naming the first that cannot be; its value is not repeated. */
export function checkOptions(options: unknown): void {
  const given = membersOf(options);
  for (const name of given.keys()) {
    if (!Object.hasOwn(shapes, name))
      throw invalid(`There is no option ${name.slice(0, 100)}. The options: ${Object.keys(shapes).join(', ')}.`);
  }
  for (const [name, shape] of Object.entries(shapes)) {
    const fault = faultOf(given.get(name), shape);
    if (fault !== null) throw invalid(`The option ${name} ${fault}. ${shape.advice}.`);
  }
}

function membersOf(options: unknown): ReadonlyMap<string, unknown> {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return new Map(Object.entries(options));
  throw invalid('createHub was given no options. Pass { connectors, storage, keys, publicUrl }.');
}

function faultOf(value: unknown, { kind, isRequired, methods = [] }: OptionShape): string | null {
  if (value === undefined || value === null) return isRequired ? 'is missing' : null;
  if (kind === 'other') return null;
  if (kind === 'list') return Array.isArray(value) ? null : 'is not a list';
  if (kind !== 'object') return typeof value === kind ? null : `is not a ${kind}`;
  if ((typeof value !== 'object' && typeof value !== 'function') || Array.isArray(value)) return 'is not an object';
  const missing = methods.filter((method) => typeof Reflect.get(value, method) !== 'function');
  if (missing.length === 0 && methods.length > 0) return null;
  if (typeof value === 'function') return 'is a function: call it';
  if (typeof Reflect.get(value, 'then') === 'function') return 'is a promise: await it';
  return missing.length === 0 ? null : `has no method ${missing.join(', ')}`;
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
