import { describe, expect, it } from 'vitest';
import { readXml } from './read-xml.ts';

const read = (document: string, ...lists: readonly string[]) => readXml(document, new Set(lists));

describe('readXml', () => {
  it('gives elements by their names without prefixes, attributes with @ and every value as text', () => {
    const document =
      '<?xml version="1.0"?>\n<m:a xmlns:m="urn:m" id="7"><m:b>1.90</m:b><!-- x --><m:c/><m:d t="x">true</m:d><m:e> y </m:e></m:a>';
    expect(read(document)).toEqual({ a: { '@id': '7', b: '1.90', c: '', d: { '@t': 'x', '#text': 'true' }, e: ' y ' } });
  });

  it('gives a list where an element came more than once, or where one is wanted', () => {
    expect(read('<a><b>1</b><b>2</b><c>3</c></a>', 'c')).toEqual({ a: { b: ['1', '2'], c: ['3'] } });
  });

  it('knows the entities of XML and references to characters, text in CDATA and xsi:nil', () => {
    expect(read('<a>&lt;b&gt;&amp;&quot;&apos;&#65;&#x1F600;</a>')).toEqual({ a: '<b>&"\'A😀' });
    expect(read('<a><![CDATA[<b>&amp;]]></a>')).toEqual({ a: '<b>&amp;' });
    const nil = '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><b i:nil="true"/><c nil="true"/></a>';
    expect(read(nil)).toEqual({ a: { b: null, c: { '@nil': 'true' } } });
  });

  it('reads a text that is longer than what is handed over at once', () => {
    const text = 'x&amp;'.repeat(50_000);
    expect(read(`<a>${text}</a>`)).toEqual({ a: 'x&'.repeat(50_000) });
  });

  const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${'bcdefghij'.replaceAll(/./g, (name, at: number) => `<!ENTITY ${name} "${`&${'abcdefghij'[at]};`.repeat(10)}">`)}]><l>&j;</l>`;

  it.each([
    ['a billion laughs', laughs],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>'],
    ['a document type in small letters', '<!doctype a><a/>'],
    ['an entity of its own', '<!ENTITY x "y"><a>&x;</a>'],
    ['an entity that nobody declared', '<a>&x;</a>'],
    ['an entity that every object of JavaScript has', '<a>&constructor;</a>'],
    ['a reference to no character', '<a>&#0;</a>'],
    ['a reference to half a character', '<a>&#xD800;</a>'],
    ['elements nested deep', '<a>'.repeat(50_000)],
    ['elements nested deep and closed', `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`],
    ['too many elements', `<a>${'<b/>'.repeat(50_000)}</a>`],
    ['too many attributes', `<a ${Array.from({ length: 201 }, (_, index) => `a${index}="1"`).join(' ')}/>`],
    ['a huge attribute', `<a b="${'x'.repeat(200_000)}"/>`],
    ['a huge name', `<a${'x'.repeat(1_000)}/>`],
    ['a document that is too long', `<a>${'x'.repeat(2_100_000)}</a>`],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['a prefix of nobody', '<m:a/>'],
    ['an element that is not closed', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['the same root twice', '<a/><a/>'],
    ['text outside of the root', 'x<a/>'],
    ['no element', '<?xml version="1.0"?>'],
    ['half an element', '<a'],
    ['HTML', '<!DOCTYPE html><html><body><br></body></html>'],
    ['nothing', ''],
  ])('refuses %s', (_what, document) => {
    expect(read(document) === undefined).toBe(true);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses %s as a name, and no object changes', (name) => {
    expect(read(`<a><${name}><polluted>1</polluted></${name}></a>`)).toBeUndefined();
    expect(read(`<a ${name}="1"/>`)).toBeUndefined();
    expect(read(`<m:${name} xmlns:m="urn:m"/>`)).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('reads 100 levels of elements', () => {
    expect(read(`${'<a>'.repeat(100)}x${'</a>'.repeat(100)}`)).toBeDefined();
  });
});
