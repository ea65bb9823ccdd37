import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { crookedConnector, echo, sampleDefinition } from './__fixtures__/sample-connector.ts';

const list = async () => ({ options: [] });
const read = async () => ({ documents: [], cursor: null });
const resources = { shelf: { title: 'Shelf', example: 'a1', pattern: '[a-z0-9]+' } };
const places = { title: 'Places', needs: ['shelf'], list };
const books = { title: 'Books', description: 'Books with their text.', intervalMs: 60_000, read };
const put = { ...echo, input: z.strictObject({ shelf: z.string(), place: z.string(), at: z.strictObject({ room: z.string() }) }) };

const withSource = (changes: object) => ({ resources, options: { places: { ...places, ...changes } } });
const withUse = (options: object) => ({ options: { places }, actions: { put: { ...put, options } } });
const withContent = (changes: object) => ({ resources, content: { books: { ...books, ...changes } } });

describe('a source of choices is refused', () => {
  it.each<[fault: string, changes: object]>([
    ['must be lower_snake_case', { options: { allPlaces: places } }],
    ['has no list function', withSource({ list: undefined })],
    ['has no list function', { options: { places: null } }],
    ['needs a title', withSource({ title: '' })],
    ['needs of the option source places must be names', withSource({ needs: ['shelf', 'shelf'] })],
    ['needs of the option source places must be names', withSource({ needs: ['a.b'] })],
    ['searches of the option source places', withSource({ searches: 'yes' })],
    ['names the resource kind room', withSource({ resource: 'room' })],
    ['names the resource kind room', withSource({ resources: { room: 'any' } })],
    ['must name needs of the resource kind shelf', withSource({ resources: { shelf: [] } })],
    ['names a shelf in room, which is none of its needs', withSource({ resources: { shelf: [{ fields: ['room'] }] } })],
  ])('because it %s', (fault, changes) => {
    expect(() => crookedConnector(changes)).toThrow(
      expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining(fault) }),
    );
  });

  it.each<[fault: string, options: object]>([
    ['from rooms, which is no option source', { place: 'rooms' }],
    ['from toString, which is no option source', { place: 'toString' }],
    ['the field room, which its input does not have', { room: 'places' }],
    ['the field at.wall, which its input does not have', { 'at.wall': 'places' }],
    ['does not say where the options of place find shelf', { place: { source: 'places', from: {} } }],
    [
      'names wall for the options of place, which places does not need',
      { place: { source: 'places', from: { shelf: 'shelf', wall: 'shelf' } } },
    ],
    [
      'takes shelf for the options of place from rack, which its input does not have',
      { place: { source: 'places', from: { shelf: 'rack' } } },
    ],
    ['from that field itself', { shelf: 'places' }],
  ])('because an action takes options %s', (fault, options) => {
    expect(() => crookedConnector(withUse(options))).toThrow(expect.objectContaining({ message: expect.stringContaining(fault) }));
  });

  it('unless it is sound, and stands in the manifest then with every need named', () => {
    const { manifest } = crookedConnector({
      ...withUse({ place: 'places', 'at.room': { source: 'places', from: { shelf: 'shelf' } } }),
      resources,
      options: { places: { ...places, scopes: ['read'], resource: 'shelf', resources: { shelf: [{ fields: ['shelf'] }] } } },
    });
    const from = { shelf: 'shelf' };
    expect(manifest.actions[0]?.options).toEqual({ place: { source: 'places', from }, 'at.room': { source: 'places', from } });
    expect(manifest.optionSources).toEqual([
      {
        ...{ name: 'places', title: 'Places', needs: ['shelf'], resource: 'shelf', searches: false },
        scopes: [{ scope: 'read', reason: 'Needed to: Places' }],
        resources: { shelf: [{ fields: ['shelf'] }] },
      },
    ]);
  });
});

describe('a source of content is refused', () => {
  it.each<[fault: string, changes: object]>([
    ['must be lower_snake_case', { content: { 'old-books': books } }],
    ['has no read function', withContent({ read: 'all' })],
    ['needs a title and a description', withContent({ description: undefined })],
    ['needs an intervalMs of 10000 to 86400000', withContent({ intervalMs: 9_999 })],
    ['needs an intervalMs of 10000 to 86400000', withContent({ intervalMs: Number.NaN })],
    ['rereadMs of the content source books must be 3600000 or more', withContent({ rereadMs: 60_000 })],
    ['names the resource kind room', withContent({ resource: 'room' })],
    ['needsContainers of the content source books', withContent({ needsContainers: 1 })],
    ['by thing.burnt, which is none of the triggers', withContent({ deletedBy: { 'thing.burnt': () => [] } })],
    ['says of thing.created no function', withContent({ deletedBy: { 'thing.created': 'id' } })],
  ])('because it %s', (fault, changes) => {
    expect(() => crookedConnector(changes)).toThrow(
      expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining(fault) }),
    );
  });

  it('unless it is sound, and stands in the manifest then', () => {
    const changes = withContent({
      resource: 'shelf',
      needsContainers: true,
      rereadMs: 86_400_000,
      deletedBy: { 'thing.created': () => [] },
    });
    expect(crookedConnector(changes).manifest.content).toEqual([
      {
        ...{ name: 'books', title: 'Books', description: 'Books with their text.', scopes: [], resource: 'shelf', needsContainers: true },
        ...{ intervalMs: 60_000, rereadMs: 86_400_000, deletedBy: ['thing.created'] },
      },
    ]);
    expect(crookedConnector(sampleDefinition).manifest).toMatchObject({ optionSources: [], content: [] });
  });
});
