import type { Json } from '../json/json.ts';
import type { ScopeNeed } from './action-definition.ts';
import type { ConnectionCall } from './iconnector.ts';

/** One thing that a field can be set to. */
export interface InputOption {
  /** What the field takes. */
  readonly value: string | number;
  /** What a person reads, at most 200 characters. */
  readonly label: string;
  /** @default none */
  readonly description?: string;
}

/** What a list of choices is asked with. */
export interface OptionCall extends ConnectionCall {
  /** Values that the list depends on, by the names in {@link OptionSource.needs}. */
  readonly given: Readonly<Record<string, Json>>;
  /** What a person has typed so far; '' for everything. */
  readonly search: string;
  /** What the page before gave; `null` on the first. */
  readonly cursor: Json;
}

/** One page of choices, at most 200. */
export interface OptionPage {
  readonly options: readonly InputOption[];
  /** Where the next page begins; JSON of at most 4 KiB. @default there is no further one */
  readonly cursor?: Json;
}

/** Choices that are asked for at the service while a person fills in an input: repositories, channels, issue types. */
export interface OptionSource {
  readonly title: string;
  /** Values that must be known first: a project, for its issue types. @default none */
  readonly needs?: readonly string[];
  /** @default none beside those of every connection */
  readonly scopes?: readonly (string | ScopeNeed)[];
  /** The kind of resource that its values name: a confined connection is offered only those that it may touch. @default none: it is refused then */
  readonly resource?: string;
  /** It searches at the service by itself. @default false: the hub keeps the labels of a page in which the text stands */
  readonly searches?: boolean;
  /** Asks the service. It only reads. */
  list(call: OptionCall): Promise<OptionPage>;
}

/** Where the choices of a field come from: the name of a source, whose needs are the input's fields of the same names, or are named apart. */
export type OptionUse<Field extends string = string> = string | { readonly source: string; readonly from: Readonly<Record<string, Field>> };

/** By the path of a field, with dots. */
export type OptionUses<Field extends string = string> = { readonly [Path in Field]?: OptionUse<Field> };
