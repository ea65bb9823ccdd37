import type { Json } from '../json/json.ts';
import type { Operator } from './condition.ts';

/** What a field held: its kind, its value as JSON text cut to 200 characters, and how many items, members or characters it has. */
export type ActualValue = {
  readonly kind: 'absent' | 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object' | 'not JSON';
  readonly text: string;
  readonly size?: number;
};

type Decided<Kind extends string> = {
  readonly kind: Kind;
  readonly verdict: boolean;
  /** Why it could not be decided; the verdict is then false. */
  readonly error?: string;
};

/** `all` or `any`: every part is reported, also those that no longer mattered. */
export type GroupReport = Decided<'all' | 'any'> & { readonly conditions: readonly ConditionReport[] };

/** `not`. */
export type NotReport = Decided<'not'> & { readonly condition: ConditionReport };

/** An operator on a field. `field` is empty where it is about the item itself. */
export type FieldReport = Decided<'field'> & {
  readonly field: string;
  readonly op: Operator;
  /** What it is compared to; absent for operators without. */
  readonly expected?: Json;
  readonly ignoreCase?: boolean;
  readonly actual: ActualValue;
  /** Only for `changed`, `changed_from` and `changed_to`, where the event says what was before. */
  readonly previous?: ActualValue;
  /** Only for `some`, `every` and `none`. */
  readonly items?: ItemsReport;
};

/** What `some`, `every` or `none` found: the condition in words, and up to three items, the deciding one first. */
export type ItemsReport = {
  readonly where: string;
  readonly samples: readonly { readonly index: number; readonly report: ConditionReport }[];
};

/** A formula. */
export type CelReport = Decided<'cel'> & { readonly source: string };

/** There is no condition. */
export type AlwaysReport = Decided<'always'>;

/** A condition's tree with each part's verdict. Plain JSON. */
export type ConditionReport = GroupReport | NotReport | FieldReport | CelReport | AlwaysReport;
