import { seededChoice } from './seeded-choice.ts';

/** A field of a generated action: its schema as source text, and one value that it accepts as source text. */
export interface FieldModel {
  readonly name: string;
  readonly schema: string;
  readonly value: string;
  readonly required: boolean;
}

/** One generated action. */
export interface ActionModel {
  readonly name: string;
  readonly fields: readonly FieldModel[];
}

/** One generated connector. */
export interface ConnectorModel {
  readonly id: string;
  readonly actions: readonly ActionModel[];
}

/** One generated automation: an event of one connector, three actions of others. */
export interface AutomationModel {
  readonly name: string;
  readonly event: string;
  readonly steps: readonly { readonly id: string; readonly connector: ConnectorModel; readonly action: ActionModel }[];
}

/** The whole generated app, before it is written in one of its two ways. */
export interface AppModel {
  readonly connectors: readonly ConnectorModel[];
  readonly automations: readonly AutomationModel[];
}

const verbs = ['create', 'update', 'close', 'assign', 'archive'];
const nouns = ['ticket', 'message', 'contact', 'invoice', 'document'];

/** Every connector emits these. */
export const triggerNames = ['ticket.created', 'ticket.updated', 'message.received'] as const;

const fieldKinds: readonly Omit<FieldModel, 'required'>[] = [
  { name: 'title', schema: 'z.string().min(1).max(255)', value: "'{{ event.data.title }}'" },
  { name: 'description', schema: 'z.string()', value: "'Reported by {{ event.data.author.name }}'" },
  { name: 'project', schema: 'z.string()', value: "'OPS'" },
  { name: 'priority', schema: "z.enum(['low', 'normal', 'high'])", value: "'high'" },
  { name: 'count', schema: 'z.number().int()', value: '3' },
  { name: 'amount', schema: 'z.number()', value: '12.5' },
  { name: 'silent', schema: 'z.boolean()', value: 'true' },
  { name: 'labels', schema: 'z.array(z.string())', value: "['bug', '{{ event.data.title }}']" },
  {
    name: 'owner',
    schema: 'z.strictObject({ name: z.string(), email: z.string().optional() })',
    value: "{ name: '{{ event.data.author.name }}' }",
  },
  { name: 'lines', schema: 'z.array(z.strictObject({ text: z.string(), quantity: z.number() }))', value: "[{ text: 'one', quantity: 1 }]" },
];

/** An app of `connectors` with 25 actions each, and `automations` of three steps each: the same for the same counts, at any time. */
export function appModel(size: { readonly connectors: number; readonly automations: number }): AppModel {
  const choose = seededChoice(40);
  const action = (verb: string, noun: string): ActionModel => {
    const [title, ...others] = fieldKinds.map((kind) => ({ ...kind, required: choose([true, false]) }));
    const fields = others.filter(() => choose([true, true, false]));
    return { name: `${verb}_${noun}`, fields: title === undefined ? fields : [{ ...title, required: true }, ...fields] };
  };
  const connectors = Array.from({ length: size.connectors }, (_, position) => ({
    id: `service-${String(position).padStart(2, '0')}`,
    actions: verbs.flatMap((verb) => nouns.map((noun) => action(verb, noun))),
  }));
  const automations = Array.from({ length: size.automations }, (_, position) => ({
    name: `automation-${String(position).padStart(3, '0')}`,
    event: `${choose(connectors).id}.${choose(triggerNames)}`,
    steps: ['first', 'second', 'third'].map((id) => {
      const connector = choose(connectors);
      return { id, connector, action: choose(connector.actions) };
    }),
  }));
  return { connectors, automations };
}
