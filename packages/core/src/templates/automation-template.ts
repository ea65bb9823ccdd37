import type { Json, JsonObject } from '../json/json.ts';

/** What a parameter is; a `list` holds text and numbers. */
export type ParameterType = 'string' | 'number' | 'integer' | 'boolean' | 'list';

/** Something that whoever makes an automation from a template says. */
export interface TemplateParameter {
  readonly type: ParameterType;
  /** For people. */
  readonly title?: string;
  readonly description?: string;
  /** @default it has to be given */
  readonly default?: Json;
  readonly oneOf?: readonly (string | number)[];
  /** Of numbers. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of text, in characters, and of lists, in items. @default 1000 */
  readonly maxLength?: number;
}

/** A connection that the automation goes through, to be named when it is made. */
export interface TemplateConnection {
  /** Id of the connector. */
  readonly connector: string;
  /** For people. */
  readonly description?: string;
}

/**
 * A packaged automation: JSON to be handed on. In its definition `{{ params.name }}` stands for a parameter, also inside a formula, and `connection` names one of
 * the connections below. All of it is filled in once, when an automation is made; what was filled in is data and never a template.
 */
export interface AutomationTemplate {
  /** Version of this format. */
  readonly format: 1;
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Semantic version of the template. */
  readonly version: string;
  readonly title?: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, TemplateParameter>>;
  /** Connectors that it needs, each with a range of versions. */
  readonly connectors?: Readonly<Record<string, string>>;
  readonly connections?: Readonly<Record<string, TemplateConnection>>;
  /** Types of the host's records that it needs. */
  readonly records?: readonly string[];
  /** The definition. */
  readonly automation: JsonObject;
}
