import type { EventClass, Severity } from '../event/hub-event.ts';
import type { ConfigurationReader, TenantChoices } from './configuration-reader.ts';
import type { Deprecation } from './deprecation.ts';
import type { Flags } from './flag-declaration.ts';
import type { PollingDeclaration } from './polling-declaration.ts';
import type { FieldPath, ResourceUses } from './resource-kind.ts';
import type { Schema, SchemaInput } from './schema.ts';

/** What happened to the thing. */
export type TriggerKind = 'created' | 'updated' | 'deleted' | 'status_changed' | 'commented' | 'assigned' | 'custom';

/** An event on its way to one tenant, and what that tenant has set. */
export interface TriggerContext<Payload extends Schema, Configuration extends Schema, F extends Flags>
  extends TenantChoices<Configuration, F> {
  /** As it came; it fits the payload's schema. */
  readonly data: SchemaInput<Payload>;
}

/** A kind of event that a connector can emit; its event type is `{connector id}.{trigger name}`. */
export interface TriggerDefinition<Payload extends Schema = Schema, Configuration extends Schema = Schema, F extends Flags = Flags>
  extends ConfigurationReader<Configuration, F> {
  readonly title: string;
  readonly description: string;
  readonly kind: TriggerKind;
  readonly delivery: 'webhook' | 'polling';
  /** How it is polled; goes with that delivery alone. */
  readonly polling?: PollingDeclaration;
  /**
   * The event's data, as far as it is relied on. Parsed only to check: the event keeps every field that came, named here or not. A plain
   * `z.object` checks a large payload twenty times faster than a loose one, which copies it.
   */
  readonly payload: Payload;
  /** Which fields of the data name a resource, by kind. @default each kind is `any`: a connection confined to some takes in no such event */
  readonly resources?: ResourceUses<FieldPath<SchemaInput<Payload>>>;
  /** It goes away: told in the manifest, the reference and by the notice `connector.deprecated`. @default it stays */
  readonly deprecated?: Deprecation;
  /** @default 'custom' */
  readonly class?: EventClass;
  /** @default 'info' */
  readonly severity?: Severity;
  /** False for what the tenant has set not to take: it is acknowledged, and makes no event. @default every event is taken */
  accepts?(context: TriggerContext<Payload, Configuration, F>): boolean;
}
