import type { Json } from '../json/json.ts';

/** What may have brought a failure about. */
export type EvidenceKind = 'commit' | 'pull_request' | 'deployment';

/** What evidence and failures are about, as far as they say: what two of them share brings them together. */
export interface EvidenceSubjects {
  /** `owner/name`. */
  readonly repository?: string;
  readonly service?: string;
  /** `production`. */
  readonly environment?: string;
}

/** One thing that may have brought a failure about. */
export interface EvidenceNote {
  readonly kind: EvidenceKind;
  /** For people, at most 200 characters of it are shown. */
  readonly title: string;
  /** Where a person looks at it: an https URL. */
  readonly url: string;
  readonly subjects: EvidenceSubjects;
  /** When it happened, milliseconds since 1970. @default the event's time */
  readonly at?: number;
}

/** What a connector reads of the events of one trigger. Pure, and answers at once: it is asked whenever somebody looks for evidence. */
export interface EvidenceReader {
  /** What in the event's data may have brought a failure about. @default nothing */
  readonly evidence?: (data: Json) => readonly EvidenceNote[];
  /** What failed, where the event tells of a failure; `null` where it does not. @default an event is a failure by its severity */
  readonly failure?: (data: Json) => EvidenceSubjects | null;
}
