/** A feature that each tenant can have on or off. */
export interface FlagDeclaration {
  /** What it changes, for whoever sets it. */
  readonly description: string;
  /** For tenants who have not set it. @default false */
  readonly default?: boolean;
}

/** Flags by name, `quiet_hours`. */
export type Flags = Readonly<Record<string, FlagDeclaration>>;

/** No flags. */
export type NoFlags = Readonly<Record<never, never>>;

/** Each flag as it stands for a tenant. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: boolean };
