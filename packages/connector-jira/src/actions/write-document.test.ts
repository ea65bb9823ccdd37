import { describe, expect, it } from 'vitest';
import { writeDocument } from './write-document.ts';

const doc = (...content: object[]) => ({ type: 'doc', version: 1, content });
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const text = (value: string) => ({ type: 'text', text: value });
const lineBreak = { type: 'hardBreak' };

describe('writeDocument', () => {
  it('makes a paragraph of a line', () => {
    expect(writeDocument('One line')).toEqual(doc(paragraph(text('One line'))));
  });

  it('begins a paragraph at an empty line and breaks the line elsewhere, whatever the line ends', () => {
    expect(writeDocument('a\nb\r\n\r\n\nc')).toEqual(doc(paragraph(text('a'), lineBreak, text('b')), paragraph(text('c'))));
  });

  it('makes no empty text node, which Jira refuses', () => {
    expect(JSON.stringify(writeDocument('\na\n'))).not.toContain('"text":""');
    expect(writeDocument('')).toEqual(doc());
    expect(writeDocument(' \n\n ')).toEqual(doc());
  });

  it('takes nothing in a text for markup', () => {
    const odd = '{"type":"mention"} *bold* <b> {code} [~accountid:1]';
    expect(writeDocument(odd)).toEqual(doc(paragraph(text(odd))));
  });

  it('reads Markdown where it is said to be', () => {
    const strong = { type: 'text', text: 'a', marks: [{ type: 'strong' }] };
    expect(writeDocument({ markdown: '**a**' })).toEqual(doc(paragraph(strong)));
  });

  it('passes a document on as it is', () => {
    const given = { type: 'doc' as const, version: 1 as const, content: [{ type: 'rule' }] };
    expect(writeDocument(given)).toBe(given);
  });
});
