import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { crookedConnector, echo, sampleConnector, thingCreated } from './__fixtures__/sample-connector.ts';

const place = { title: 'Place', example: 'Left/Right', pattern: '[a-z]+/[a-z]+', letters: 'lower' };
const withUse = (use: unknown) => ({ resources: { place }, actions: { echo: { ...echo, resources: { place: use } } } });
const withKind = (changes: object) => ({ resources: { place: { ...place, ...changes } } });

describe('a definition is refused', () => {
  it.each<[fault: string, changes: object]>([
    ['the resource kind Place must be lower_snake_case', { resources: { Place: place } }],
    ['the resource kind place needs a title', withKind({ title: '' })],
    ['is no regular expression', withKind({ pattern: '(' })],
    ['is no regular expression', withKind({ pattern: undefined })],
    ['must be lower, upper or exact', withKind({ letters: 'title' })],
    ['the separator of the resource kind place must be text', withKind({ separator: '' })],
    ['the example of the resource kind place does not fit', withKind({ example: 'left' })],
    ['the resource path left/{} must be segments', withKind({ paths: [{ path: 'left/{}' }] })],
    ['the resource path /left/**/{} must be segments', withKind({ paths: [{ path: '/left/**/{}' }] })],
    ['the resource path /left/a{} must be segments', withKind({ paths: [{ path: '/left/a{}' }] })],
    ['the resource path /left/.. must be segments', withKind({ paths: [{ path: '/left/..' }] })],
    ['begins with the basePath /v1, below which it stands already', { ...withKind({ paths: [{ path: '/v1/{}' }] }), basePath: '/v1' }],
    ['needs one {} and one group', withKind({ paths: [{ path: '/{}/{}', within: '(a)' }] })],
    ['needs one {} and one group', withKind({ paths: [{ path: '/{}', within: 'a' }] })],
    [
      'the action echo names the resource kind shelf, which the connector does not declare',
      { actions: { echo: { ...echo, resources: { shelf: 'any' } } } },
    ],
    [
      'the trigger thing.created names the resource kind shelf',
      { triggers: { 'thing.created': { ...thingCreated, resources: { shelf: 'any' } } } },
    ],
    ['must name the fields of the resource kind place, or say untouched or any', withUse('none')],
    ['must name the fields of the resource kind place, or say untouched or any', withUse([])],
    ['names a place in no field', withUse([{ fields: [] }])],
    ['the field nowhere, which its schema does not have', withUse([{ fields: ['nowhere'] }])],
    ['the field text.more, which its schema does not have', withUse([{ fields: ['text.more'] }])],
    ['the field toString, which its schema does not have', withUse([{ fields: ['toString'] }])],
    ['needs one field and one group', withUse([{ fields: ['text'], within: '(a)(b)' }])],
    ['needs one field and one group', withUse([{ fields: ['text', 'count'], within: '(a)' }])],
  ])('because %s', (fault, changes) => {
    expect(() => crookedConnector(changes)).toThrow(
      expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining(fault) }),
    );
  });
});

it('a field may be deep in a payload, and in one form of it alone', () => {
  const inner = z.object({ where: z.object({ place: z.string() }) });
  const payload = z.object({ item: z.union([z.object({ id: z.number() }), inner]).optional() });
  const trigger = { ...thingCreated, payload, resources: { place: [{ fields: ['item.where.place'] }] } };
  expect(() => crookedConnector({ resources: { place }, triggers: { 'thing.created': trigger } })).not.toThrow();
});

it('a field may be where a schema refers to itself', () => {
  const node: z.ZodType = z.object({
    place: z.string(),
    get next() {
      return node.optional();
    },
  });
  const trigger = { ...thingCreated, payload: z.object({ node }), resources: { place: [{ fields: ['node.next.next.place'] }] } };
  expect(() => crookedConnector({ resources: { place }, triggers: { 'thing.created': trigger } })).not.toThrow();
});

it('the manifest tells the kinds, and what each action and trigger touches of them, as a copy', () => {
  const connector = sampleConnector({
    resources: { place: { ...place, letters: 'lower', paths: [{ path: '/places/{}/{}/**' }] } },
    actions: { echo: { ...echo, resources: { place: [{ fields: ['text'], within: '([^@]+)@.*' }] } } },
    triggers: { 'thing.created': { ...thingCreated, resources: { place: 'untouched' } } },
  });
  const { resources, actions, triggers } = connector.manifest;
  expect(resources).toEqual({ place: { ...place, paths: [{ path: '/places/{}/{}/**' }] } });
  expect(resources).not.toBe(connector.definition.resources);
  expect([actions[0]?.resources, triggers[0]?.resources]).toEqual([
    { place: [{ fields: ['text'], within: '([^@]+)@.*' }] },
    { place: 'untouched' },
  ]);
  expect(sampleConnector().manifest).toMatchObject({
    resources: {},
    actions: [{ resources: {} }, { resources: {} }],
    triggers: [{ resources: {} }],
  });
});
