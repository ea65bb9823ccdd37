import type { Json } from '../json/json.ts';

/** What a rule can watch: notices of the hub, each under its own name. `alert.undelivered` is for the operator's rules alone. */
export type AlertSignalName =
  | 'action.executed'
  | 'alert.undelivered'
  | 'api.deprecated'
  | 'api.rate_limited'
  | 'connection.account_changed'
  | 'connection.breaker_opened'
  | 'connection.credential_expiring'
  | 'connection.health_warning'
  | 'connection.renewal_failed'
  | 'connection.scopes_missing'
  | 'connection.status_changed'
  | 'dispatch.dead'
  | 'dispatch.held'
  | 'endpoint.disabled'
  | 'endpoint.failing'
  | 'run.finished'
  | 'subscriber.called'
  | 'webhook.failed'
  | 'webhook.kept'
  | 'webhook.registration_failed';

/** All of them. */
export const alertSignalNames: readonly AlertSignalName[] = [
  'action.executed',
  'alert.undelivered',
  'api.deprecated',
  'api.rate_limited',
  'connection.account_changed',
  'connection.breaker_opened',
  'connection.credential_expiring',
  'connection.health_warning',
  'connection.renewal_failed',
  'connection.scopes_missing',
  'connection.status_changed',
  'dispatch.dead',
  'dispatch.held',
  'endpoint.disabled',
  'endpoint.failing',
  'run.finished',
  'subscriber.called',
  'webhook.failed',
  'webhook.kept',
  'webhook.registration_failed',
];

/** How urgent it is. */
export type AlertSeverity = 'info' | 'warning' | 'critical';

/** What trouble a rule looks at; every field that is named must fit. */
export interface AlertFilter {
  /** Id of a connector, `github`. */
  readonly connector?: string;
  /** Name, `{connector}/{name}` or id of a connection. */
  readonly connection?: string;
  /** Name or id of an automation. */
  readonly automation?: string;
  /** Name or id of an endpoint. */
  readonly endpoint?: string;
  /** Codes of errors, at most 20: `authentication_failed`, `provider_unavailable`. */
  readonly codes?: readonly string[];
  /** Operator's rules alone: one tenant. */
  readonly tenant?: string;
}

/**
 * When trouble is enough. A count: so many within the window, over all processes. A share: of at least `minimum` calls within the window more than
 * this part failed, 0 to 1.
 */
export type AlertThreshold =
  | { readonly count: number; readonly windowMs: number }
  | { readonly share: number; readonly minimum: number; readonly windowMs: number };

/** Where an alert is told. Each telling is a dispatch of its own. */
export type AlertChannel =
  /** One of the tenant's endpoints, by name or id: an event `patchbay.alert.opened`, `.escalated`, `.reminded` or `.resolved`. */
  | { readonly endpoint: string }
  /** An action through one of the tenant's connections. The texts of `input` may hold `{{ CEL }}` over `alert`. */
  | { readonly action: string; readonly connection: string; readonly input: Json }
  /** A function of the host, by its name in `createHub({ alerts: { channels } })`. */
  | { readonly host: string };

/** Who is told once an alert has been open for so long and nobody has acknowledged it. */
export interface AlertLevel {
  /** Milliseconds after the opening, at most 30 days. @default 0 */
  readonly afterMs?: number;
  /** 1 to 10. */
  readonly channels: readonly AlertChannel[];
}

/** What one alert is about: one thing in trouble, all of a connector, all of a tenant, or everything that the rule sees. */
export type AlertScope = 'subject' | 'connector' | 'tenant' | 'rule';

/** A rule of alerts as it is put. */
export interface AlertRuleInput {
  readonly on: AlertSignalName | readonly AlertSignalName[];
  /** @default all of it */
  readonly where?: AlertFilter;
  /** @default 'subject' */
  readonly per?: AlertScope;
  /** @default the first one is enough */
  readonly threshold?: AlertThreshold;
  /** @default 'warning' */
  readonly severity?: AlertSeverity;
  /** 1 to 5, each later than the one before. */
  readonly levels: readonly AlertLevel[];
  /** Milliseconds without another occurrence after which it counts as over, 1 minute to 30 days; `null`: not by silence. @default 1 hour */
  readonly resolveAfterMs?: number | null;
  /** Milliseconds for which it stays open at least, so that what comes and goes is one alert, 0 to 1 day. @default 5 minutes */
  readonly minimumOpenMs?: number;
  /** Milliseconds after which it is told again while nobody has acknowledged it, 1 minute to 30 days. @default never */
  readonly repeatEveryMs?: number;
  /** Whether those who were told are told of the end too. @default true */
  readonly tellResolved?: boolean;
}

/** A rule with everything filled in, as it is stored. */
export interface AlertRuleDefinition {
  readonly on: readonly AlertSignalName[];
  readonly where: AlertFilter;
  readonly per: AlertScope;
  readonly threshold: AlertThreshold;
  readonly severity: AlertSeverity;
  readonly levels: readonly Required<AlertLevel>[];
  readonly resolveAfterMs: number | null;
  readonly minimumOpenMs: number;
  readonly repeatEveryMs: number | null;
  readonly tellResolved: boolean;
}
