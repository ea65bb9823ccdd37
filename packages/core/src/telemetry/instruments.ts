/** What is measured, in which unit, and by which attributes it is told apart. */
export interface Instrument {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly MetricAttribute[];
}

/** Every attribute that a metric of the hub can have. None of them is an id. */
export type MetricAttribute =
  | 'http.request.method'
  | 'http.response.status_code'
  | 'http.route'
  | 'server.address'
  | 'url.template'
  | 'error.type'
  | 'messaging.system'
  | 'messaging.destination.name'
  | 'messaging.operation.name'
  | 'patchbay.tenant'
  | 'patchbay.connector'
  | 'patchbay.operation'
  | 'patchbay.automation'
  | 'patchbay.outcome'
  | 'patchbay.reason'
  | 'patchbay.state';

const dispatched = ['messaging.system', 'messaging.destination.name', 'messaging.operation.name'] as const;

/**
 * Every metric. Those without `patchbay.` are of the semantic conventions 1.40. `patchbay.tenant` comes on top of each counter and histogram where
 * the host asks for it.
 */
export const instruments = {
  'http.server.request.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Duration of webhook requests, from the first look to the answer.',
    attributes: ['http.request.method', 'http.route', 'http.response.status_code', 'error.type', 'patchbay.connector'],
  },
  'http.client.request.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Duration of requests to services.',
    attributes: [
      ...(['http.request.method', 'server.address', 'url.template', 'http.response.status_code', 'error.type'] as const),
      ...(['patchbay.connector', 'patchbay.operation'] as const),
    ],
  },
  'messaging.process.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Duration of attempts at dispatches: actions, subscribers, deliveries.',
    attributes: [...dispatched, 'error.type', 'patchbay.connector', 'patchbay.operation', 'patchbay.automation', 'patchbay.outcome'],
  },
  'patchbay.dispatch.wait': {
    kind: 'histogram',
    unit: 's',
    description: 'Time from when a dispatch was due until a worker had it.',
    attributes: ['messaging.destination.name'],
  },
  'patchbay.dispatch.ended': {
    kind: 'counter',
    unit: '{dispatch}',
    description: 'Dispatches that are tried no more: dead, held, or taken over by another worker.',
    attributes: ['messaging.destination.name', 'error.type', 'patchbay.outcome'],
  },
  'patchbay.dispatch.retries': {
    kind: 'counter',
    unit: '{attempt}',
    description: 'Attempts after which another one follows.',
    attributes: ['error.type'],
  },
  'patchbay.event.published': { kind: 'counter', unit: '{event}', description: 'Events taken in.', attributes: [] },
  'patchbay.run.finished': {
    kind: 'counter',
    unit: '{run}',
    description: 'Runs that have ended.',
    attributes: ['patchbay.outcome', 'error.type'],
  },
  'patchbay.webhook.received': {
    kind: 'counter',
    unit: '{event}',
    description: 'Events that webhooks brought; outcome created or duplicate.',
    attributes: ['patchbay.connector', 'patchbay.outcome'],
  },
  'patchbay.webhook.failed': {
    kind: 'counter',
    unit: '{request}',
    description: 'Webhook requests refused, by reason, or not taken in, by the code of the error.',
    attributes: ['patchbay.connector', 'patchbay.reason', 'error.type'],
  },
  'patchbay.delivery.duration': {
    kind: 'histogram',
    unit: 's',
    description: "Duration of requests to tenants' endpoints.",
    attributes: ['http.response.status_code', 'error.type', 'patchbay.outcome'],
  },
  'patchbay.endpoint.changes': {
    kind: 'counter',
    unit: '{change}',
    description: 'Endpoints that were disabled, begin to fail, or have recovered.',
    attributes: ['patchbay.state', 'patchbay.reason'],
  },
  'patchbay.connection.changes': {
    kind: 'counter',
    unit: '{change}',
    description: 'Connections that were connected or disconnected, or whose status the hub has changed.',
    attributes: ['patchbay.connector', 'patchbay.state', 'patchbay.reason'],
  },
  'patchbay.oauth.callbacks': {
    kind: 'counter',
    unit: '{callback}',
    description: 'People who came back from an authorization server.',
    attributes: ['patchbay.outcome', 'error.type'],
  },
  'patchbay.credential.renewals': {
    kind: 'histogram',
    unit: 's',
    description: 'Duration of renewals of access tokens.',
    attributes: ['patchbay.connector', 'patchbay.outcome', 'error.type'],
  },
  'patchbay.request_log.dropped': {
    kind: 'counter',
    unit: '{request}',
    description: 'Requests that the log had no room for.',
    attributes: [],
  },
  'patchbay.worker.dispatches': {
    kind: 'gauge',
    unit: '{dispatch}',
    description: 'Dispatches under way in this process; state executing or settling.',
    attributes: ['patchbay.state'],
  },
  'patchbay.worker.slots': {
    kind: 'gauge',
    unit: '{slot}',
    description: 'Effects that this process may have under way at once.',
    attributes: [],
  },
  'patchbay.worker.leases': { kind: 'gauge', unit: '{lease}', description: 'Leases that this process holds.', attributes: [] },
} as const satisfies Readonly<Record<string, Instrument>>;

/** Name of a metric. */
export type InstrumentName = keyof typeof instruments;

/** Metrics that are told when they happen. */
export type RecordedName = { [Name in InstrumentName]: (typeof instruments)[Name]['kind'] extends 'gauge' ? never : Name }[InstrumentName];

/** Metrics that are read when somebody collects them. */
export type GaugeName = Exclude<InstrumentName, RecordedName>;

/** Attributes that a metric is told with. */
export type AttributesOf<Name extends InstrumentName> = Partial<
  Record<(typeof instruments)[Name]['attributes'][number], string | number | undefined>
>;
