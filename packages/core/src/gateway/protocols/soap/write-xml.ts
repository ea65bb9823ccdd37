import type { XmlElement, XmlValue } from '../../../connector/soap-options.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';

// Names as XML has them (Namespaces in XML, section 4), less the letters beyond ASCII: with a prefix or without.
const nameShape = /^[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?$/;
// What XML 1.0 cannot hold, escaped or not (section 2.2).
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Levels of elements that may be written. */
const maximumDepth = 100;

/** The text of elements. Every value is escaped. Throws `invalid_input` for what XML cannot hold, nested too deep or in a circle, and a name that is none. */
export function writeXml(content: XmlElement, depth = 0): string {
  if (depth > maximumDepth) throw invalid(`Its elements are nested more than ${maximumDepth} deep`);
  return Object.entries(content)
    .filter(([name]) => !name.startsWith('@'))
    .map(([name, value]) => (name === '#text' ? textOf(value) : elements(name, value, depth)))
    .join('');
}

/** Escapes a text for an element or an attribute. Throws `invalid_input` for what XML cannot hold. */
export function escapeXml(text: string): string {
  if (!text.isWellFormed() || unwritable.test(text)) throw invalid('A text has a control character or half a surrogate pair');
  // Line ends that a reader would make into others are written as references.
  return text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '').replaceAll('\r', '&#13;');
}

/** Throws `invalid_input` where it is no name. */
export function checkXmlName(name: string): void {
  if (!nameShape.test(name)) throw invalid(`${JSON.stringify(name.slice(0, 50))} is no name of an element or an attribute`);
}

function elements(name: string, value: XmlElement[string], depth: number): string {
  checkXmlName(name);
  if (value === undefined) return '';
  return isList(value) ? value.map((each) => element(name, each, depth)).join('') : element(name, value, depth);
}

function element(name: string, value: XmlValue, depth: number): string {
  if (value === null) return `<${name} xsi:nil="true"/>`;
  if (typeof value !== 'object') return `<${name}>${textOf(value)}</${name}>`;
  return `<${name}${attributesOf(value)}>${writeXml(value, depth + 1)}</${name}>`;
}

function attributesOf(content: XmlElement): string {
  return Object.entries(content)
    .filter(([name, value]) => name.startsWith('@') && value !== undefined && value !== null)
    .map(([name, value]) => {
      checkXmlName(name.slice(1));
      return ` ${name.slice(1)}="${textOf(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`;
    })
    .join('');
}

function textOf(value: XmlElement[string]): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') throw invalid('A text or an attribute is a list or an object');
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalid('A number is not finite');
  return escapeXml(String(value));
}

const isList = (value: XmlValue | readonly XmlValue[]): value is readonly XmlValue[] => Array.isArray(value);

function invalid(what: string): PatchbayError {
  return new PatchbayError({
    code: 'invalid_input',
    message: `The message cannot be written as XML, so nothing was sent: ${what}. Correct the input.`,
    sent: 'no',
  });
}
