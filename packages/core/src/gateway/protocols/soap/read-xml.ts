import sax from 'sax';
import type { Json } from '../../../json/json.ts';

/** Bounds of a document that is read: characters of it, levels of elements, elements, attributes of one of them, characters of a name and of an attribute. */
const most = { text: 2_097_152, depth: 100, elements: 50_000, attributes: 200, name: 500, value: 65_536 };

/** Names are of a namespace, and no entities but XML's own five are known. */
const parsing = { xmlns: true, strictEntities: true, position: false };

/** Names that mean something to an object of JavaScript. No service has such elements. */
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** An element while it is read. */
interface OpenElement {
  readonly name: string;
  readonly content: Map<string, Json[]>;
  text: string;
  isNil: boolean;
}

/**
 * The document as JSON, `{ Envelope: { Body: … } }`, names without their prefixes and every value a text; `undefined` for what is not well-formed, has a
 * document type, an entity of its own, a name that JavaScript knows, or more of anything than may be.
 */
export function readXml(document: string, lists: ReadonlySet<string>): Json | undefined {
  // No service of SOAP sends a document type (SOAP 1.1, section 3; 1.2, section 5), and it is all that entities come from.
  if (document.length > most.text || document.includes('<!DOCTYPE')) return undefined;
  const reader = createReader(lists);
  const parser = sax.parser(true, parsing);
  Object.assign(parser, reader.handlers);
  try {
    parser.write(document).close();
  } catch {
    return undefined;
  }
  return reader.result();
}

const none: ReadonlySet<string> = new Set();

/** Thrown inside the parser alone, to end it. */
class RefusedDocument extends Error {}

function createReader(lists: ReadonlySet<string>) {
  const open: OpenElement[] = [{ name: '', content: new Map(), text: '', isNil: false }];
  let elements = 0;
  let roots = 0;
  let attributes = 0;
  const refuse = (): never => {
    throw new RefusedDocument();
  };
  const handlers: Partial<sax.SAXParser> = {
    onerror: refuse,
    ondoctype: refuse,
    onsgmldeclaration: refuse,
    onopentagstart({ name }: { readonly name: string }) {
      attributes = 0;
      elements += 1;
      if (open.length === 1) roots += 1;
      if (elements > most.elements || open.length > most.depth) refuse();
      open.push({ name: localName(name) ?? refuse(), content: new Map(), text: '', isNil: false });
    },
    onattribute({ name, value }) {
      attributes += 1;
      if (attributes > most.attributes || name.length > most.name || value.length > most.value) refuse();
      const element = open.at(-1);
      if (!element || name === 'xmlns' || name.startsWith('xmlns:')) return;
      const local = localName(name) ?? refuse();
      if (local === 'nil' && name !== local && (value === 'true' || value === '1')) element.isNil = true;
      // What comes twice in one element is not well-formed, and readers differ in which they take.
      else if (element.content.has(`@${local}`)) refuse();
      else element.content.set(`@${local}`, [value]);
    },
    ontext(text) {
      addText(open, text);
    },
    oncdata(text) {
      addText(open, text);
    },
    onclosetag() {
      const element = open.pop();
      const parent = open.at(-1);
      if (!element || !parent) return refuse();
      const value = valueOfElement(element, lists);
      const known = parent.content.get(element.name);
      if (known) known.push(value);
      else parent.content.set(element.name, [value]);
    },
  };
  const result = (): Json | undefined => {
    const [root, ...others] = open;
    return root && others.length === 0 && roots === 1 ? valueOfElement(root, none) : undefined;
  };
  return { handlers, result };
}

function addText(open: readonly OpenElement[], text: string): void {
  const element = open.at(-1);
  if (element) element.text += text;
}

/** The name without its prefix; `undefined` for one that is not read. */
function localName(name: string): string | undefined {
  const local = name.slice(name.indexOf(':') + 1);
  return name.length > most.name || local === '' || forbidden.has(local) ? undefined : local;
}

function valueOfElement({ content, text, isNil }: OpenElement, lists: ReadonlySet<string>): Json {
  if (isNil) return null;
  if (content.size === 0) return text;
  const entries = [...content].map(([name, values]): [string, Json] => [name, isOne(values) && !lists.has(name) ? values[0] : values]);
  // The space between elements is nobody's text.
  return Object.fromEntries(text.trim() === '' ? entries : [...entries, ['#text', text]]);
}

const isOne = (values: readonly Json[]): values is readonly [Json] => values.length === 1;
