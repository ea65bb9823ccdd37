/**
 * Every attribute that a span of the hub can have. Those without `patchbay.` are of the semantic conventions 1.40. None holds a query, a header, a
 * body or the text of an error.
 */
export interface SpanAttributes {
  readonly 'http.request.method'?: string;
  readonly 'http.response.status_code'?: number | undefined;
  readonly 'http.route'?: string;
  readonly 'server.address'?: string;
  readonly 'server.port'?: number | undefined;
  readonly 'url.scheme'?: string;
  readonly 'url.template'?: string;
  readonly 'error.type'?: string | undefined;
  readonly 'messaging.system'?: 'patchbay';
  readonly 'messaging.destination.name'?: string;
  readonly 'messaging.operation.name'?: string;
  readonly 'messaging.operation.type'?: 'send' | 'process';
  readonly 'messaging.message.id'?: string;
  readonly 'patchbay.tenant'?: string;
  readonly 'patchbay.connector'?: string | undefined;
  readonly 'patchbay.connection'?: string | undefined;
  readonly 'patchbay.operation'?: string | undefined;
  readonly 'patchbay.automation'?: string | undefined;
  readonly 'patchbay.run'?: string | undefined;
  readonly 'patchbay.attempt'?: number;
  readonly 'patchbay.outcome'?: string | undefined;
  readonly 'patchbay.endpoint'?: string;
  readonly 'patchbay.plan.runs'?: number;
  readonly 'patchbay.plan.dispatches'?: number;
}
