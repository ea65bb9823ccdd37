import type { IdempotencyKey } from '../contracts/idempotency.ts';
import type { QueryValue } from './query-value.ts';
import type { Schema } from './schema.ts';

/** What an element holds: text, nothing (`null` is `xsi:nil`), or elements and attributes. */
export type XmlValue = string | number | boolean | null | XmlElement;

/**
 * Elements by their name, `{ 'm:Item': { '@id': '7', '#text': 'Apples' } }`: a name with `@` is an attribute, `#text` the text beside them, a list repeats
 * its element, and `undefined` is left out. Texts are escaped, so none becomes an element.
 */
export interface XmlElement {
  readonly [name: string]: XmlValue | readonly XmlValue[] | undefined;
}

/** One operation of SOAP. */
export interface SoapOptions<S extends Schema> {
  /** The address of the operation: the header `SOAPAction` of 1.1, the parameter `action` of 1.2. */
  readonly action: string;
  /** @default '1.1' */
  readonly version?: '1.1' | '1.2';
  /** Prefixes of the names, `{ m: 'https://example.com/stock' }`; `''` for names without one. Those of SOAP itself are `soap` and `xsi`. */
  readonly namespaces?: Readonly<Record<string, string>>;
  /** What the envelope's header holds. @default no header */
  readonly header?: XmlElement;
  readonly body: XmlElement;
  /**
   * Of what stands in the answer's body: `{ GetPriceResponse: { Price: '1.90' } }`. Names come without their prefix, attributes as `@name`, every value as
   * text, an empty element as `''`, `xsi:nil` as `null`, and an element that came more than once as a list.
   */
  readonly response: S;
  /** Elements that are always a list, however often they came. @default none */
  readonly lists?: readonly string[];
  /** A `read` may be repeated. @default 'write' */
  readonly effect?: 'read' | 'write';
  /** Only names on the gateway's allow list or declared by the connector. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, QueryValue>>;
  /** For one that is not the action's first writing request. */
  readonly key?: IdempotencyKey;
}
