import type { Flags, FlagValues } from './flag-declaration.ts';
import type { Schema, SchemaOutput } from './schema.ts';

/** Of a connector that has no configuration: nothing fits it, and its code is given an empty object. */
export type NoConfiguration = Schema<never, Readonly<Record<never, never>>>;

/** What a part of a connector reads of what tenants set: the very objects that its connector declares, so that their types are known to it. */
export interface ConfigurationReader<Configuration extends Schema, F extends Flags> {
  /** @default it reads no configuration */
  readonly configuration?: Configuration;
  /** @default it reads no flags */
  readonly flags?: F;
}

/** What it is given for the tenant on whose behalf it works. */
export interface TenantChoices<Configuration extends Schema, F extends Flags> {
  /** As the connector's schema parsed it, with its defaults; empty where the connector has none. */
  readonly configuration: SchemaOutput<Configuration>;
  readonly flags: FlagValues<F>;
}
