import type { Json } from '../json/json.ts';
import type { ScopeNeed } from './action-definition.ts';
import type { ConnectionCall } from './iconnector.ts';

/** A text of the service that people search for: an issue with its comments, a message, a page. */
export interface ContentDocument {
  /** The service's own id, unique within the source, 1 to 200 characters; once in a page. */
  readonly id: string;
  /** What it is, `issue`; at most 64 characters. */
  readonly kind: string;
  /** At most 1,000 characters; more is cut. */
  readonly title: string;
  /** Plain text, at most 256 KiB of UTF-8; more is cut. */
  readonly text: string;
  /** Where a person opens it, http or https; `null` where there is no such place. */
  readonly url: string | null;
  /** When it was last changed, milliseconds since 1970. */
  readonly updatedAt: number;
  /**
   * What it belongs to, as a confined connection names it: `octocat/hello-world`; `null`: to nothing. Of a page that was read for
   * named containers the hub keeps only what belongs to one of them.
   */
  readonly container: string | null;
  /** Who wrote it, as the service shows them; at most 300 characters. @default nobody is named */
  readonly author?: string;
  /** More to filter by: at most 50, texts of at most 1,000 characters. @default nothing */
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>>;
}

/** One read of what has changed. */
export interface ContentCall extends ConnectionCall {
  /** What the last read gave; `null` for everything from the beginning. */
  readonly cursor: Json;
  /** Containers that are to be read; the host, and what a connection is confined to, name them. Empty: all that the source reaches. */
  readonly containers: readonly string[];
}

/** What a read gives. */
export interface ContentPage {
  /** At most 500. */
  readonly documents: readonly ContentDocument[];
  /** Ids of documents that are gone, at most 5,000; one that is in `documents` too is taken for gone. @default none */
  readonly deleted?: readonly string[];
  /** Where the next read begins; JSON of at most 16 KiB. It moves only once the index has taken the page. */
  readonly cursor: Json;
  /** There is more: the next read comes at once. @default false */
  readonly more?: boolean;
}

/** Documents of a service, read again and again into the host's own search index. */
export interface ContentSource {
  readonly title: string;
  readonly description: string;
  readonly scopes?: readonly (string | ScopeNeed)[];
  /** The kind of resource that containers are. @default none: a confined connection does not sync it */
  readonly resource?: string;
  /** It can only read containers that are named: `containers` is never empty. @default false */
  readonly needsContainers?: boolean;
  /** Milliseconds between two reads, 10,000 to 86,400,000. */
  readonly intervalMs: number;
  /**
   * Milliseconds after which it is read again from the beginning, and documents that did not come are taken out of the index: for services that do not
   * tell of deletes. 3,600,000 or more. @default never
   */
  readonly rereadMs?: number;
  /** Which documents an event takes out at once, by trigger. @default none */
  readonly deletedBy?: Readonly<Record<string, (data: Json) => readonly string[]>>;
  /** Asks the service. It only reads; what it throws is tried again later. */
  read(call: ContentCall): Promise<ContentPage>;
}
