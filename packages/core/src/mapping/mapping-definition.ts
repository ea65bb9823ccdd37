import type { Json } from '../json/json.ts';

/** What a value is made to be, and what a service's value is. `timestamp` is RFC 3339 in UTC, `date` is `YYYY-MM-DD`. */
export type MappingType = 'string' | 'number' | 'integer' | 'boolean' | 'timestamp' | 'date' | 'list' | 'object';

/**
 * A named change of one value. `split` and `join` take the text between the parts, `scale` a factor, `round` a number of digits behind the
 * point, `values` a table from text to values, with what stands for all others in `otherwise`. The names with `unix` turn a count since 1970 into a timestamp and back.
 */
export type MappingTransform =
  | 'trim'
  | 'lower'
  | 'upper'
  | 'first'
  | 'from_unix_seconds'
  | 'to_unix_seconds'
  | 'from_unix_milliseconds'
  | 'to_unix_milliseconds'
  | { readonly split: string }
  | { readonly join: string }
  | { readonly scale: number }
  | { readonly round: number }
  | { readonly values: Readonly<Record<string, string | number | boolean>>; readonly otherwise?: string | number | boolean };

/** What a value must be besides its type. Lengths are of text in characters, and of lists in items. */
export interface MappingCheck {
  readonly oneOf?: readonly (string | number | boolean)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** RE2, anywhere in the text unless it is tied with `^` and `$`. */
  readonly pattern?: string;
}

/** One field of what a mapping makes. It has exactly one of `from`, `cel` and `value`. */
export interface MappingField {
  /** Path in the result: `contact.email`. */
  readonly to: string;
  /** Path in the source. */
  readonly from?: string;
  /** CEL over `source`; below `fields` also over `item`. */
  readonly cel?: string;
  /** The same for every source. */
  readonly value?: Json;
  /** What the source has there; anything else is a fault. The reverse needs it where `type` is given. @default anything */
  readonly sourceType?: MappingType;
  /** One after another, before `type`. */
  readonly transforms?: readonly MappingTransform[];
  /** What it is converted to. @default as it is */
  readonly type?: MappingType;
  /** Stands in where the source has nothing there, or null. It is taken as it is. @default the field is left out */
  readonly default?: Json;
  /** A source that has nothing there, or null, is a fault. @default false */
  readonly required?: boolean;
  readonly check?: MappingCheck;
  /** Maps each item of the list, or the object, that was read: their paths are relative to it. */
  readonly fields?: readonly MappingField[];
  /** CEL over the mapped value, as `source`, that gives back what `from` reads; `false` leaves the field out of the reverse. @default derived */
  readonly reverse?: string | false;
}

/** How data of a service becomes data of the host's shape. JSON through and through. */
export interface MappingDefinition {
  /** For people. */
  readonly description?: string;
  /** Type of the events that it maps when they come in: their data is the source. @default none, it is used by name */
  readonly event?: string;
  /** Name or id of the connection whose events these are; before one without, where both fit. @default any of the connector */
  readonly connection?: string;
  /** 1 to 200. */
  readonly fields: readonly MappingField[];
}
