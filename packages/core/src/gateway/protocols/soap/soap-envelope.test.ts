import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { XmlElement } from '../../../connector/soap-options.ts';
import { readXml } from './read-xml.ts';
import { soapEnvelope } from './soap-envelope.ts';
import { writeXml } from './write-xml.ts';

const refused = expect.objectContaining({ code: 'invalid_input', sent: 'no' });

describe('soapEnvelope', () => {
  it('holds header and body, and declares the prefixes of its version', () => {
    expect(soapEnvelope({ namespaces: { m: 'urn:m' }, header: { 'm:Key': 'k' }, body: { 'm:Get': { 'm:Id': 7 } } })).toBe(
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:m="urn:m"><soap:Header><m:Key>k</m:Key></soap:Header><soap:Body><m:Get><m:Id>7</m:Id></m:Get></soap:Body></soap:Envelope>',
    );
    expect(soapEnvelope({ version: '1.2', body: {} })).toContain('xmlns:soap="http://www.w3.org/2003/05/soap-envelope"');
  });

  it('refuses prefixes that are its own, and those that are no names', () => {
    for (const prefix of ['soap', 'xsi', 'xml', 'xmlns', 'a:b', 'a b', 'a"', '1'])
      expect(() => soapEnvelope({ namespaces: { [prefix]: 'urn:m' }, body: {} })).toThrow(refused);
    expect(soapEnvelope({ namespaces: { m: 'urn:"><x' }, body: {} })).toContain('xmlns:m="urn:&quot;&gt;&lt;x"');
  });
});

describe('writeXml', () => {
  it('writes attributes, texts beside elements, lists, nothing and nil', () => {
    const body = { a: { '@id': 1, '@gone': undefined, '#text': 'x', b: ['1', true], c: undefined, d: null, e: {} } };
    expect(writeXml(body)).toBe('<a id="1">x<b>1</b><b>true</b><d xsi:nil="true"/><e></e></a>');
  });

  it('lets no value become an element or an attribute', () => {
    expect(writeXml({ a: { '@b': '"><c d="', '#text': '</a><x>&amp;' } })).toBe(
      '<a b="&quot;&gt;&lt;c d=&quot;">&lt;/a&gt;&lt;x&gt;&amp;amp;</a>',
    );
  });

  it('is read as it was written, whatever the text', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(value));
    fc.assert(
      fc.property(text, text, (inside, attribute) => {
        expect(readXml(`<r>${writeXml({ a: { '@b': attribute, c: inside } })}</r>`, new Set())).toEqual({
          r: { a: { '@b': attribute, c: inside } },
        });
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, XmlElement]>([
    ['a control character', { a: '\u0000' }],
    ['half a surrogate pair', { a: '\ud800' }],
    ['a name with a space', { 'a b': '1' }],
    ['a name that closes the element', { 'a><b': '1' }],
    ['an attribute that is no name', { a: { '@b c': '1' } }],
    ['a prefix of a prefix', { 'a:b:c': '1' }],
    ['a number that is none', { a: Number.NaN }],
    ['an attribute that is a list', { a: { '@b': ['1'] } }],
    ['an object in an attribute', { a: { '@b': { c: '1' } } }],
  ])('refuses %s', (_what, body) => {
    expect(() => writeXml(body)).toThrow(refused);
  });

  it('refuses a circle, and what is nested too deep', () => {
    const circle: { a?: XmlElement } = {};
    circle.a = circle;
    expect(() => writeXml(circle)).toThrow(refused);
  });
});
