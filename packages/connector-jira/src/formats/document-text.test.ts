import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentText } from './document-text.ts';
import { markdownDocument } from './markdown.ts';

const doc = (...content: object[]) => ({ type: 'doc', version: 1, content });

describe('a document as text', () => {
  it('reads as the Markdown it came from does', () => {
    const markdown = '## Title\n\nOne **bold** word\n\n- a\n- b\n  - c\n\n3. d\n4. e\n\n---\n\nlast';
    expect(documentText(markdownDocument(markdown))).toBe('## Title\n\nOne bold word\n\n- a\n- b\n  - c\n\n3. d\n4. e\n\n---\n\nlast');
  });

  it('shows tasks, tables and code', () => {
    expect(documentText(markdownDocument('- [ ] a\n- [x] b\n\n| c | d |\n| - | - |\n| e | f |\n\n```\ncode\n```'))).toBe(
      '[ ] a\n[x] b\n\nc | d\ne | f\n\ncode',
    );
  });

  it('shows who is mentioned, addresses, dates, states and emoji', () => {
    const inline = [
      { type: 'mention', attrs: { id: '1', text: '@Ann' } },
      { type: 'text', text: ' sees ' },
      { type: 'text', text: 'it', marks: [{ type: 'link', attrs: { href: 'https://a.example' } }] },
      { type: 'hardBreak' },
      { type: 'date', attrs: { timestamp: '1577836800000' } },
      { type: 'status', attrs: { text: 'LATE', color: 'red' } },
      { type: 'emoji', attrs: { shortName: ':smile:' } },
      { type: 'inlineCard', attrs: { url: 'https://b.example' } },
    ];
    expect(documentText(doc({ type: 'paragraph', content: inline }))).toBe(
      '@Ann sees it (https://a.example)\n2020-01-01LATE:smile:https://b.example',
    );
  });

  it('gives what kinds of nodes hold that it does not know', () => {
    const panel = { type: 'panel', attrs: { panelType: 'info' }, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x' }] }] };
    expect(documentText(doc({ type: 'madeUpLater', content: [panel] }))).toBe('x');
  });

  it('gives a text as it is, and no text for what is none', () => {
    expect(documentText('h1. As it came')).toBe('h1. As it came');
    expect([null, undefined, 7, [], {}].map(documentText)).toEqual(['', '', '', '', '']);
  });

  it('gives a text for whatever comes, however deep', () => {
    let deep: object = { type: 'text', text: 'x' };
    for (let depth = 0; depth < 500; depth += 1) deep = { type: 'blockquote', content: [deep] };
    expect(documentText(deep)).toBe('');
    const node = fc.letrec((tie) => ({
      node: fc.record(
        {
          type: fc.oneof(
            fc.constantFrom('doc', 'paragraph', 'heading', 'orderedList', 'taskItem', 'tableRow', 'date', 'text', 'mention'),
            fc.string(),
          ),
          text: fc.oneof(fc.string(), fc.anything()),
          attrs: fc.oneof(fc.object(), fc.anything()),
          content: fc.oneof({ depthSize: 'small' }, fc.array(tie('node'), { maxLength: 4 }), fc.anything()),
          marks: fc.anything(),
        },
        { requiredKeys: ['type'] },
      ),
    })).node;
    fc.assert(fc.property(fc.oneof(node, fc.anything()), (value) => typeof documentText(value) === 'string'));
  });
});
