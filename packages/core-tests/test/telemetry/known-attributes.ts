/**
 * What spans and metrics of the hub may carry, written down a second time: a name that changes in the code changes what somebody has built on it.
 * Names without `patchbay.` are of the semantic conventions 1.40 (HTTP, messaging, errors).
 */
export const spanAttributes: readonly string[] = [
  ...['http.request.method', 'http.response.status_code', 'http.route', 'server.address', 'server.port', 'url.scheme', 'url.template'],
  ...['error.type', 'messaging.system', 'messaging.destination.name', 'messaging.operation.name', 'messaging.operation.type'],
  ...['messaging.message.id', 'patchbay.tenant', 'patchbay.connector', 'patchbay.connection', 'patchbay.operation'],
  ...['patchbay.automation', 'patchbay.run', 'patchbay.attempt', 'patchbay.outcome', 'patchbay.endpoint'],
  ...['patchbay.plan.runs', 'patchbay.plan.dispatches'],
];

const dispatched = ['messaging.system', 'messaging.destination.name', 'messaging.operation.name'];
const answered = ['http.request.method', 'http.response.status_code', 'error.type', 'patchbay.connector'];

const metrics: Readonly<Record<string, readonly string[]>> = {
  'http.server.request.duration': [...answered, 'http.route'],
  'http.client.request.duration': [...answered, 'server.address', 'url.template', 'patchbay.operation'],
  'messaging.process.duration': [
    ...dispatched,
    ...['error.type', 'patchbay.connector', 'patchbay.operation', 'patchbay.automation', 'patchbay.outcome'],
  ],
  'patchbay.dispatch.wait': ['messaging.destination.name'],
  'patchbay.dispatch.ended': ['messaging.destination.name', 'error.type', 'patchbay.outcome'],
  'patchbay.dispatch.retries': ['error.type'],
  'patchbay.event.published': [],
  'patchbay.run.finished': ['patchbay.outcome', 'error.type'],
  'patchbay.webhook.received': ['patchbay.connector', 'patchbay.outcome'],
  'patchbay.webhook.failed': ['patchbay.connector', 'patchbay.reason', 'error.type'],
  'patchbay.delivery.duration': ['http.response.status_code', 'error.type', 'patchbay.outcome'],
  'patchbay.endpoint.changes': ['patchbay.state', 'patchbay.reason'],
  'patchbay.connection.changes': ['patchbay.connector', 'patchbay.state', 'patchbay.reason'],
  'patchbay.oauth.callbacks': ['patchbay.outcome', 'error.type'],
  'patchbay.credential.renewals': ['patchbay.connector', 'patchbay.outcome', 'error.type'],
  'patchbay.request_log.dropped': [],
  'patchbay.worker.dispatches': ['patchbay.state'],
  'patchbay.worker.slots': [],
  'patchbay.worker.leases': [],
};

export const metricNames: readonly string[] = Object.keys(metrics);

/** Attributes that a metric may have. */
export const attributesOfMetric = (name: string): readonly string[] => metrics[name] ?? [];
