import type { Json } from '../json/json.ts';
import type { ScopeNeed } from './action-definition.ts';
import type { ConnectionCall } from './iconnector.ts';
import type { ResourceUses } from './resource-kind.ts';

/** One thing that a field can be set to. */
export interface InputOption {
  /** What the field takes; a text has 1 to 1,000 characters. */
  readonly value: string | number;
  /** What a person reads, at most 200 characters; more is cut. */
  readonly label: string;
  /** At most 500 characters; more is cut. @default none */
  readonly description?: string;
  /** The name of the resource that it is, or is in, as a confined connection names it: `octocat/hello-world`. @default the value */
  readonly resource?: string;
}

/** What a list of choices is asked with. */
export interface OptionCall extends ConnectionCall {
  /** Values that the list depends on, by the names in {@link OptionSource.needs}: texts that are not empty, numbers, `true` or `false`. */
  readonly given: Readonly<Record<string, Json>>;
  /** What a person has typed so far; '' for everything. */
  readonly search: string;
  /** What the page before gave; `null` on the first. It has been in other hands since: parse it. */
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
  /** The kind of resource that its options name: a confined connection is offered only those that it may touch. @default none */
  readonly resource?: string;
  /**
   * Which needs name a resource, by kind, as an action says it of its fields: labels are those of the repository that is given. A confined connection
   * asks where each kind that it is confined to is named and allowed, or `untouched`, or is {@link OptionSource.resource}. @default it is refused
   */
  readonly resources?: ResourceUses;
  /** It searches at the service by itself. @default false: the hub keeps those options of a page in which the text stands */
  readonly searches?: boolean;
  /** Asks the service. It only reads. */
  list(call: OptionCall): Promise<OptionPage>;
}
