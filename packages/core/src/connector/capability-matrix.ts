import type { IdempotencyClass } from '../contracts/idempotency.ts';
import type { AuthMethod } from './auth-method.ts';
import type { Deprecation } from './deprecation.ts';
import type { ConnectorCategory, ConnectorManifest, WebhookManifest } from './manifest.ts';
import type { TriggerKind } from './trigger-definition.ts';

/** What an action can be relied on for. */
export interface ActionCapability {
  /** Qualified, `jira.create_issue`. */
  readonly name: string;
  readonly title: string;
  readonly idempotency: IdempotencyClass;
  /** The connector can look whether a call whose answer was lost took effect. */
  readonly reconcile: boolean;
  /** Reads page by page. */
  readonly pagination: boolean;
  readonly scopes: readonly string[];
  /** `null`: it stays. */
  readonly deprecated: Deprecation | null;
}

/** A kind of event, and how it comes. */
export interface TriggerCapability {
  /** Event type, `jira.issue.created`. */
  readonly type: string;
  readonly title: string;
  readonly kind: TriggerKind;
  readonly delivery: 'webhook' | 'polling';
  /** `null`: it stays. */
  readonly deprecated: Deprecation | null;
}

/** What one connector can do. */
export interface ConnectorCapabilities {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly category: ConnectorCategory;
  /** `null`: this major stays. */
  readonly deprecated: Deprecation | null;
  readonly auth: readonly AuthMethod['type'][];
  /** `null` where none come in. */
  readonly webhooks: WebhookManifest | null;
  /** Some trigger is polled for. */
  readonly polling: boolean;
  readonly actions: readonly ActionCapability[];
  readonly triggers: readonly TriggerCapability[];
}

/** What every connector can do, made from the manifests alone; sorted by id and version, so that equal connectors give equal data. */
export function capabilityMatrix(connectors: Iterable<{ readonly manifest: ConnectorManifest }>): readonly ConnectorCapabilities[] {
  const key = ({ id, version }: ConnectorCapabilities): string => `${id} ${version}`;
  return Array.from(connectors, ({ manifest }) => describe(manifest)).sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

function describe(manifest: ConnectorManifest): ConnectorCapabilities {
  const { id, name, version, category, webhook, deprecated } = manifest;
  const actions = manifest.actions.map((action) => ({
    name: `${id}.${action.name}`,
    title: action.title,
    idempotency: action.idempotency,
    reconcile: action.idempotency === 'reconcilable',
    pagination: action.paginated,
    scopes: action.scopes.map(({ scope }) => scope),
    deprecated: action.deprecated,
  }));
  const triggers = manifest.triggers.map(({ name: trigger, title, kind, delivery, deprecated: ends }) => ({
    type: `${id}.${trigger}`,
    title,
    kind,
    delivery,
    deprecated: ends,
  }));
  const auth = [...new Set(manifest.auth.map(({ type }) => type))];
  const polling = triggers.some(({ delivery }) => delivery === 'polling');
  return { id, name, version, category, deprecated, auth, webhooks: webhook, polling, actions, triggers };
}
