/** A text of a service as the index is given it. */
export interface SearchDocument {
  /** Unique within its source and connection. */
  readonly id: string;
  /** What it is, `issue`. */
  readonly kind: string;
  /** At most 1,000 characters. */
  readonly title: string;
  /** Plain text, at most 256 KiB of UTF-8. */
  readonly text: string;
  /** Where a person opens it, http or https; `null`: nowhere. */
  readonly url: string | null;
  /** When it was last changed, milliseconds since 1970, as the service says. */
  readonly updatedAt: number;
  /** What it belongs to at the service, `octocat/hello-world`; `null`: to nothing. */
  readonly container: string | null;
  readonly author?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

/** Whose documents they are: one source, read through one connection of one tenant. Every document belongs to one such place. */
export interface ContentPlace {
  readonly tenant: string;
  /** Id. */
  readonly connectionId: string;
  readonly connector: string;
  /** `issues`. */
  readonly source: string;
}

/** Documents to be found from now on. */
export interface SearchPut extends ContentPlace {
  /** Counts the reads of the place upwards. To be kept with each document. */
  readonly sequence: number;
  /** 1 to 500. */
  readonly documents: readonly SearchDocument[];
  /** Aborts when nobody waits for the call any more. */
  readonly signal: AbortSignal;
}

/** Ids that are gone. */
export interface SearchDelete extends ContentPlace {
  /** 1 to 7,000. */
  readonly ids: readonly string[];
  readonly signal: AbortSignal;
}

/** Everything of a place but the last reading of it. */
export interface SearchDeleteOthers extends ContentPlace {
  /** Documents whose own is lower are gone. */
  readonly sequence: number;
  readonly signal: AbortSignal;
}

/** Everything of a place. */
export interface SearchDeleteAll extends ContentPlace {
  readonly signal: AbortSignal;
}

/**
 * The host's own search index, which the hub keeps in step with services. Every call comes at least once: after a crash, a lost answer or an error the same
 * comes again, with the same or a higher sequence, until it has succeeded. Each is idempotent for that. A call that rejects is tried again later, the cursor stays
 * where it is, and nothing of it need have been undone. Calls of one place come one after another; only one that nobody waits for any more (its signal has
 * aborted, its process has lost its lease) can still be under way when the next begins, which is what `sequence` is for.
 */
export interface SearchIndex {
  /** Puts each document, in place of the one of that id. One whose sequence there is higher stays as it is. */
  put(call: SearchPut): Promise<void>;
  /** Takes documents out. Ids that are not there are no error. */
  delete(call: SearchDelete): Promise<void>;
  /** Takes out what the last reading from the beginning did not give. */
  deleteOthers(call: SearchDeleteOthers): Promise<void>;
  /** Takes out everything: the sync was deleted, its connection has ended, or may not touch the containers any more. */
  deleteAll(call: SearchDeleteAll): Promise<void>;
  /** How many documents there are, for `tenant.content.status`. @default nobody is told */
  count?(place: ContentPlace): Promise<number>;
}
