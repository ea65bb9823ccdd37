import { describe, expect, it } from 'vitest';
import { containersOf, withinContainers } from './content-containers.ts';
import type { ContentSource } from './content-source.ts';
import { readContentPage } from './read-content-page.ts';

const document = { id: '1', kind: 'issue', title: 'A title', text: 'A text', url: null, updatedAt: 5, container: 'A/b' };
const page = (changes: object) => ({ documents: [document], cursor: 1, ...changes });

describe('a page of content', () => {
  it('is read as it is, with what is left out filled in', () => {
    expect(readContentPage(page({}), 'sample.issues')).toEqual({ documents: [document], deleted: [], cursor: 1, more: false });
  });

  it.each<[fault: string, given: unknown]>([
    ['all of it', null],
    ['cursor', { documents: [] }],
    ['documents.id', page({ documents: [{ ...document, id: '' }] })],
    ['documents.url', page({ documents: [{ ...document, url: 'javascript:alert(1)' }] })],
    ['documents.updatedAt', page({ documents: [{ ...document, updatedAt: '2026' }] })],
    ['documents', page({ documents: Array.from({ length: 501 }, (_, index) => ({ ...document, id: String(index) })) })],
    [
      'documents.attributes',
      page({ documents: [{ ...document, attributes: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`a${at}`, 1])) }] }),
    ],
    ['deleted', page({ deleted: Array.from({ length: 5_001 }, String) })],
    ['a cursor of more than', page({ cursor: 'x'.repeat(16_384) })],
    ['a document twice', page({ documents: [document, document] })],
  ])('is refused where there is something wrong with %s', (fault, given) => {
    expect(() => readContentPage(given, 'sample.issues')).toThrow(
      expect.objectContaining({ code: 'internal', message: expect.stringMatching(new RegExp(`sample\\.issues.*${fault}`)) }),
    );
  });

  it('is refused without what stands in it', () => {
    expect(() => readContentPage(page({ documents: [{ ...document, url: 'ftp://secret' }] }), 'sample.issues')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    );
  });

  it('is cut at 256 KiB of text, not within a character', () => {
    const text = `a${'é'.repeat(200_000)}`;
    const [read] = readContentPage(page({ documents: [{ ...document, text }] }), 'sample.issues').documents;
    expect(read?.text).toBe(text.slice(0, 131_072));
    const broken = readContentPage(page({ documents: [{ ...document, title: 'half \ud83d', text: 'half \ud83d' }] }), 'x').documents[0];
    expect(broken).toMatchObject({ title: 'half \ufffd', text: 'half \ufffd' });
  });

  it('holds no document that it names as gone', () => {
    expect(readContentPage(page({ deleted: ['1', '1', '2'] }), 'sample.issues')).toMatchObject({ documents: [], deleted: ['1', '2'] });
  });
});

const kinds = { repository: { title: 'Repository', example: 'a/b', pattern: '[a-z]+/[a-z]+', letters: 'lower' } } as const;
const source: ContentSource = {
  ...{ title: 'Issues', description: 'Issues.', intervalMs: 60_000, resource: 'repository' },
  read: async () => ({ documents: [], cursor: null }),
};
const wish = { what: 'sample.issues', source, kinds, confinedTo: undefined, containers: [] };
const refused = expect.objectContaining({ code: 'resource_refused', sent: 'no' });

describe('containers', () => {
  it('are all, unless the host or the confinement names some, in their one writing', () => {
    expect(containersOf(wish).containers).toEqual([]);
    expect(containersOf({ ...wish, containers: ['C/d', 'A/b', 'a/b'] }).containers).toEqual(['a/b', 'c/d']);
    expect(containersOf({ ...wish, confinedTo: { repository: ['a/b'] } }).containers).toEqual(['a/b']);
    expect(containersOf({ ...wish, confinedTo: { repository: ['a/b', 'c/d'] }, containers: ['C/D'] }).containers).toEqual(['c/d']);
  });

  it('are refused where the connection may not touch them', () => {
    expect(() => containersOf({ ...wish, confinedTo: { repository: ['a/b'] }, containers: ['c/d'] })).toThrow(refused);
    expect(() => containersOf({ ...wish, confinedTo: { repository: [] } })).toThrow(refused);
    expect(() => containersOf({ ...wish, confinedTo: { project: ['p'] } })).toThrow(refused);
    expect(() => containersOf({ ...wish, source: { ...source, resource: 'gone' }, confinedTo: { gone: ['a'] } })).toThrow(refused);
    const { resource: _none, ...plain } = source;
    expect(() => containersOf({ ...wish, source: plain, confinedTo: { repository: ['a/b'] } })).toThrow(refused);
  });

  it('are refused where they are no names, or are needed and not there', () => {
    const invalid = expect.objectContaining({ code: 'invalid_argument' });
    expect(() => containersOf({ ...wish, containers: ['not a name'] })).toThrow(invalid);
    expect(() => containersOf({ ...wish, source: { ...source, needsContainers: true } })).toThrow(invalid);
  });

  it('keep what does not belong to one of them out of the index, and take it out where it was moved', () => {
    const given = readContentPage(
      page({ documents: [document, { ...document, id: '2', container: 'c/d' }, { ...document, id: '3', container: null }] }),
      'x',
    );
    const within = withinContainers(given, containersOf({ ...wish, containers: ['a/b'] }));
    expect(within).toMatchObject({ documents: [{ id: '1', container: 'a/b' }], deleted: ['2', '3'] });
    expect(withinContainers(given, containersOf(wish)).documents.map(({ container }) => container)).toEqual(['a/b', 'c/d', null]);
  });
});
