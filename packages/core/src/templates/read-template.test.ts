import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { checkParameters } from './check-parameters.ts';
import { readTemplate } from './read-template.ts';
import { automationTemplateJsonSchema } from './template-json-schema.ts';

const sound = {
  format: 1,
  name: 'issue-to-ticket',
  version: '1.2.0',
  title: 'Issue to ticket',
  parameters: {
    project: { type: 'string', oneOf: ['OPS', 'DEV'] },
    least: { type: 'integer', default: 3, minimum: 1 },
  },
  connectors: { github: '^1.0.0', jira: '>=1 <3' },
  connections: { code: { connector: 'github' }, tickets: { connector: 'jira', description: 'Where tickets go.' } },
  automation: {
    trigger: { event: 'github.issue.opened', connection: 'code' },
    when: { cel: 'size(event.data.issue.labels) >= params.least' },
    steps: [
      {
        id: 'ticket',
        action: 'jira.create_issue',
        connection: 'tickets',
        input: { project: '{{ params.project }}', summary: '{{ event.data.issue.title }}' },
      },
    ],
  },
};

const step = sound.automation.steps[0];
const bySchema = new Ajv2020({ strict: false }).compile(automationTemplateJsonSchema());

describe('a template that is read', () => {
  it('is a copy of what was given, and fits its schema', () => {
    expect(readTemplate(sound)).toEqual(sound);
    expect(readTemplate(sound)).not.toBe(sound);
    expect(bySchema(sound)).toBe(true);
  });

  it.each([
    [null, '(root)'],
    [{ ...sound, format: 2 }, 'format'],
    [{ ...sound, extra: 1 }, 'Unrecognized key: "extra"'],
    [{ ...sound, name: 'Issue to ticket' }, 'name'],
    [{ ...sound, version: '1' }, 'version: it must be a semantic version'],
    [{ ...sound, connectors: { ...sound.connectors, jira: 'new' } }, 'connectors.jira: it must be a range'],
    [{ ...sound, connectors: { github: '^1.0.0' } }, 'jira is missing'],
    [{ ...sound, parameters: { project: sound.parameters.project } }, 'automation.when.cel: it reads params.least'],
    [{ ...sound, parameters: { ...sound.parameters, spare: { type: 'string' } } }, 'parameters.spare: the automation does not read it'],
    [
      { ...sound, parameters: { ...sound.parameters, least: { type: 'integer', default: 0, minimum: 1 } } },
      'parameters.least.default: it is less than 1',
    ],
    [{ ...sound, parameters: { ...sound.parameters, least: { type: 'date' } } }, 'parameters.least.type'],
    [{ ...sound, connections: { code: sound.connections.code } }, 'automation.steps[0].connection: tickets is not declared'],
    [
      { ...sound, connections: { ...sound.connections, code: { connector: 'jira' } } },
      'automation.trigger.connection: code is a connection of jira',
    ],
    [{ ...sound, connections: { ...sound.connections, more: { connector: 'jira' } } }, 'connections.more: the automation does not use it'],
    [{ ...sound, automation: { ...sound.automation, when: { cel: 'params.least >' } } }, 'automation.when.cel'],
    [
      {
        ...sound,
        automation: { ...sound.automation, steps: [{ ...step, input: { project: '{{ params.project }}', a: '{{ evnt.x }}' } }] },
      },
      'steps.ticket.input',
    ],
    [{ format: 1, name: 'a', version: '1.0.0', automation: { trigger: { event: 'x.y' }, steps: [] } }, 'automation: steps'],
    [JSON.parse(JSON.stringify(sound).replace('"trigger"', '"constructor"')), 'automation'],
  ])('is refused with the place of its fault: %#', (value, fault) => {
    expect(() => readTemplate(value)).toThrow(
      expect.objectContaining({ code: 'automation_invalid', message: expect.stringContaining(fault) }),
    );
  });
});

describe('a template that is made to grow', () => {
  const say = (text: unknown) => ({ trigger: { event: 'a.b' }, steps: [{ id: 's', action: 'function.say', input: { text } }] });
  const growing = (text: unknown, length: number) => ({
    ...{ format: 1, name: 'a', version: '1.0.0', automation: say(text) },
    parameters: { long: { type: 'string', maxLength: 100_000, default: 'x'.repeat(length) } },
  });

  it.each([
    ['in one text', growing('{{ params.long }} '.repeat(20), 100_000)],
    [
      'in many',
      growing(
        Array.from({ length: 20 }, () => '{{ params.long }}'),
        100_000,
      ),
    ],
    [
      'in formulas',
      growing(
        Array.from({ length: 20 }, () => '{{ event.data.x + params.long }}'),
        100_000,
      ),
    ],
  ])('is refused %s', (_where, template) => {
    expect(() => readTemplate(template)).toThrow(
      expect.objectContaining({ code: 'automation_invalid', message: expect.stringContaining('What its parameters put into it') }),
    );
  });

  it('is refused before its texts are read where it is too long', () => {
    expect(() => readTemplate(growing('{{ params.long + params. }}'.repeat(20_000), 1))).toThrow(
      /automation: as JSON it is longer than 262144/,
    );
  });
});

describe('parameters', () => {
  const declared = {
    text: { type: 'string', maxLength: 3 },
    list: { type: 'list', default: [] },
    count: { type: 'integer', minimum: 1, maximum: 2 },
    one: { type: 'string', oneOf: ['a'], default: 'a' },
  } as const;

  it('are those that are declared, with their defaults', () => {
    const { values, faults } = checkParameters(declared, { text: 'abc', count: 2 });
    expect(faults).toEqual([]);
    expect(Object.fromEntries(values)).toEqual({ text: 'abc', list: [], count: 2, one: 'a' });
  });

  it('are refused one by one', () => {
    const given = { text: 'abcd', list: [{}], count: 3, one: 'b', more: 1, ...JSON.parse('{"__proto__":1}') };
    expect(checkParameters(declared, given).faults.map(({ name }) => name)).toEqual(['more', '__proto__', 'text', 'list', 'count', 'one']);
    expect(checkParameters(declared, { count: 1.5, text: '\ud800' }).faults).toEqual([
      { name: 'text', reason: 'it holds a half of a character' },
      { name: 'count', reason: 'it must be a whole number' },
    ]);
    expect(checkParameters(declared, {}).faults).toEqual([
      { name: 'text', reason: 'it has no default and was not given' },
      { name: 'count', reason: 'it has no default and was not given' },
    ]);
  });
});
